/**
 * Prints how many tests passed and failed, from vitest's JSON. A skipped test fails the run, since
 * CI installs what tests ask for; only those that name PLEURA_DATA may be missing their scans.
 */
import { existsSync, readFileSync } from "node:fs";
import { DATA } from "./lib/paths.mjs";

const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const skipped = testResults
  .flatMap((file) => file.assertionResults)
  .filter((one) => one.status !== "passed" && one.status !== "failed");
for (const one of skipped) console.log(`skipped: ${one.fullName}`);
const unexcused = skipped.filter((one) => existsSync(DATA) || !one.fullName.includes("PLEURA_DATA"));
console.log(`${numPassedTests} passed, ${numFailedTests} failed`);
if (numFailedTests > 0 || unexcused.length > 0) process.exitCode = 1;
