/**
 * What a case costs, from the files to the saved outputs, on the built package.
 *
 *   npm run bench [-- [--reference] [--goals] [--compressed | --chromium] [--runs n] [<folder of one series>]]
 *
 * With --goals it also measures a scan of 400 slices made from the first, and two workers against
 * one, and says which goals are met; that takes some minutes, most of them the reference's.
 * With --compressed it measures nothing but the decoding of compressed frames, see compressed.mjs;
 * with --chromium nothing but the page in Chromium with Node beside it, see chromium.mjs.
 * Without a folder: lidc-idri-0001 of PLEURA_DATA, or a phantom of the same size.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { printChromium } from "./chromium.mjs";
import { printCompressed } from "./compressed.mjs";
import { defaultScan } from "./default-scan.mjs";
import { printGoals } from "./goals.mjs";
import { freshProcess, median, prepareAgain, printTable } from "./measure.mjs";
import { runReference } from "./reference.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    chromium: { type: "boolean" },
    compressed: { type: "boolean" },
    goals: { type: "boolean" },
    reference: { type: "boolean" },
    runs: { type: "string", default: "7" },
  },
});
const scratch = mkdtempSync(join(tmpdir(), "pleura-bench-"));
try {
  const scan = positionals[0] ?? (await defaultScan(scratch));
  if (values.compressed) await printCompressed(scan, scratch, Number(values.runs));
  else if (values.chromium) await printChromium(scan, scratch, Number(values.runs));
  else await bench(scan, Number(values.runs));
  if (values.goals) await printGoals(scan, scratch, Number(values.runs));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function bench(scan, runs) {
  const out = join(scratch, "out");
  const cases = await prepareAgain(scan, out, runs + 1);
  const [first, ...warm] = cases.map((result) => result.manifest.milliseconds);
  const { geometry } = cases[0].manifest;
  const fresh = freshProcess(["prep", scan, "--out", out, "--quiet"], scratch);
  const reference = values.reference ? runReference(scan, scratch) : undefined;

  console.log(`${scan}: ${geometry.original.shape.join(" × ")}`);
  console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}\n`);
  const rows = Object.keys(first).map((stage) => {
    const ms = median(warm.map((run) => run[stage]));
    const theirs = reference?.milliseconds[stage];
    return [stage, ms.toFixed(1), first[stage].toFixed(1), ...(reference ? compare(theirs, ms) : [])];
  });
  printTable([["ms", `median of ${runs}`, "first", ...(reference ? ["reference", "ratio"] : [])], ...rows]);

  const total = median(warm.map((run) => run.total));
  console.log();
  const figures = [
    ["floor: read the files, copy the volume once", `${floor(scan, geometry.original.shape).toFixed(0)} ms`],
    ["one case, files to saved outputs", `${total.toFixed(0)} ms`],
    ["fresh process, start to end", `${fresh.milliseconds.toFixed(0)} ms`],
    ["fresh process, peak memory", `${fresh.megabytes.toFixed(0)} MB`],
  ];
  if (reference) {
    figures.push(
      ["reference, peak memory", `${reference.megabytes.toFixed(0)} MB`],
      ["reference / one case", `${(reference.milliseconds.total / total).toFixed(1)} ×`],
      ["reference / fresh process", `${(reference.milliseconds.total / fresh.milliseconds).toFixed(1)} ×`],
    );
  }
  printTable(figures);
}

function compare(theirs, ours) {
  return theirs === undefined ? ["", ""] : [theirs.toFixed(0), `${(theirs / ours).toFixed(0)} ×`];
}

/** What no program can save: the bytes have to be read, and the voxels written once. */
function floor(scan, shape) {
  const files = readdirSync(scan, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const source = new Int16Array(shape[0] * shape[1] * shape[2]).fill(1);
  const target = new Int16Array(source.length).fill(2);
  const times = [];
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    for (const entry of files) readFileSync(join(entry.parentPath ?? entry.path, entry.name));
    target.set(source);
    times.push(performance.now() - began);
  }
  return median(times);
}
