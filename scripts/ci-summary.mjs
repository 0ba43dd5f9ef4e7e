/** Prints how many tests passed and failed, from vitest's JSON; in CI a skipped test is a failure. */
import { readFileSync } from "node:fs";

const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
  readFileSync(process.argv[2], "utf8"),
);
const skipped = testResults.flatMap((file) =>
  file.assertionResults.filter((one) => one.status !== "passed" && one.status !== "failed"),
);
for (const one of skipped) console.log(`skipped: ${one.fullName}`);
console.log(`${numPassedTests} passed, ${numFailedTests} failed`);
if (numFailedTests > 0 || numPendingTests > 0 || skipped.length > 0) process.exitCode = 1;
