/**
 * Makes a synthetic chest CT as DICOM, prepares it with the command line, and draws what happened.
 *
 *   npm run demo [-- <folder>]      default folder: demo
 */
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { encodePng } from "pleura";
import { readSeries } from "pleura/node";
import { ROOT } from "./lib/paths.mjs";
import { runSteps } from "./lib/run-steps.mjs";
import { stepsInOne } from "./lib/stage-pictures.mjs";

const folder = resolve(process.argv[2] ?? join(ROOT, "demo"));
const scan = join(folder, "scan");
const out = join(folder, "out");

const pleura = (...args) => {
  console.log(`$ npx pleura ${args.map((arg) => (arg.startsWith(folder) ? relative("", arg) || "." : arg)).join(" ")}`);
  execFileSync(process.execPath, [join(ROOT, "dist/cli.js"), ...args], { stdio: "inherit" });
};

rmSync(scan, { recursive: true, force: true });
pleura("phantom", scan);
pleura("prep", scan, "--out", out, "--force", "--html");

const steps = runSteps(await readSeries(scan));
const picture = join(folder, "stages.png");
writeFileSync(picture, encodePng(stepsInOne(steps)));

console.log(`
scan     ${relative("", scan)}
outputs  ${relative("", out)}
report   ${relative("", join(out, "report.html"))}
picture  ${relative("", picture)}`);
