import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { readSeries, writePhantom } from "pleura/node";
import { freshProcess, median, prepareAgain, printTable, withSpread } from "./measure.mjs";
import { runReference } from "./reference.mjs";

/** Slices of the long scan, and what the goals say. */
export const LONG = 400;
const GOALS = { case: 100, process: 80, volumes: 2, megabytes: 120, growth: 3.3, workers: 1.85 };
/** Cases of the run that compares two workers with one: so many that their start is a small part. */
const CASES = 24;

/**
 * Measures what the project wants to be known for, each figure against its goal: on a scan and on
 * one of 400 slices made from it, with the reference beside them.
 *
 * @param {string} scan folder of one series
 * @param {string} scratch folder for everything that is written
 * @param {number} runs of each figure; the median counts
 */
export async function printGoals(scan, scratch, runs) {
  const long = join(scratch, "long");
  const original = await writeLong(scan, long);
  const rows = [["", "scan", `${LONG} slices`, "goal", "met"]];
  const here = await measure(scan, scratch, runs, original.voxels);
  const there = await measure(long, scratch, runs, (original.voxels / original.slices) * LONG);
  /** A row of both scans; without a goal it is there to be read only. */
  const both = (name, pick, goal = "", met = undefined) => {
    rows.push([name, pick(here), pick(there), goal, met ? yes(met(here) && met(there)) : ""]);
  };
  const caseRatio = (m) => m.reference.milliseconds.total / median(m.cases);
  const processRatio = (m) => m.reference.wall / median(m.processes);
  const mostMemory = (m) => (GOALS.volumes * 2 * m.voxels) / 1e6 + GOALS.megabytes;
  both("case, files to outputs, ms", (m) => withSpread(m.cases));
  both("  the first in its process, ms", (m) => m.first.toFixed(0));
  both("  reference, ms", (m) => m.reference.milliseconds.total.toFixed(0));
  both(
    "  times faster",
    (m) => caseRatio(m).toFixed(0),
    `${GOALS.case}`,
    (m) => caseRatio(m) >= GOALS.case,
  );
  both("process, start to exit, ms", (m) => withSpread(m.processes));
  both(
    "  times faster",
    (m) => processRatio(m).toFixed(0),
    `${GOALS.process}`,
    (m) => processRatio(m) >= GOALS.process,
  );
  both(
    "peak memory, MB",
    (m) => withSpread(m.megabytes),
    "2 × volume + 120",
    (m) => median(m.megabytes) <= mostMemory(m),
  );
  both("  reference, MB", (m) => m.reference.megabytes.toFixed(0));
  const growth = median(there.cases) / median(here.cases);
  const slices = LONG / original.slices;
  const most = (GOALS.growth / 3) * slices;
  rows.push([
    `time for ${slices.toFixed(2)} × the slices`,
    "",
    `${growth.toFixed(2)} ×`,
    `${most.toFixed(2)} ×`,
    yes(growth <= most),
  ]);
  const gain = twoWorkers(scan, scratch, Math.max(3, Math.ceil(runs / 2)));
  rows.push(["throughput, two workers over one", `${gain.allCores.toFixed(2)} ×`, "", "", ""]);
  if (gain.oneCore !== undefined) {
    const met = yes(gain.oneCore >= GOALS.workers);
    rows.push(["  over one that has one core", `${gain.oneCore.toFixed(2)} ×`, "", `${GOALS.workers} ×`, met]);
  }
  console.log(`\nmedian (range) of ${runs} runs\n`);
  printTable(rows);
}

async function measure(scan, scratch, runs, voxels) {
  const out = join(scratch, "out");
  const cases = (await prepareAgain(scan, out, runs + 1)).map(({ manifest }) => manifest.milliseconds.total);
  const [first, ...warm] = cases;
  const fresh = Array.from({ length: runs }, () => {
    const run = freshProcess(["prep", scan, "--out", out, "--quiet"], scratch);
    rmSync(out, { recursive: true });
    return run;
  });
  const began = performance.now();
  const reference = runReference(scan, scratch);
  return {
    voxels,
    first,
    cases: warm,
    processes: fresh.map((run) => run.milliseconds),
    megabytes: fresh.map((run) => run.megabytes),
    reference: { ...reference, wall: performance.now() - began },
  };
}

/**
 * How many more cases an hour two workers prepare than one: than one that has both cores, the
 * second of which it uses to compile, collect and read ahead, and than one that has one core.
 */
function twoWorkers(scan, scratch, runs) {
  const cases = join(scratch, "cases");
  mkdirSync(cases, { recursive: true });
  for (let i = 0; i < CASES; i++) symlinkSync(resolve(scan), join(cases, `case-${i}`));
  const time = (workers, onOneCore = false) => {
    const args = ["prep", cases, "--out", join(scratch, "out"), "--force", "--quiet", "--workers", `${workers}`];
    return freshProcess(args, scratch, onOneCore).milliseconds;
  };
  const pins = process.platform === "linux";
  // In turns, so that a slow minute of the machine is not one side's.
  const times = Array.from({ length: runs }, () => [time(1), pins ? time(1, true) : undefined, time(2)]);
  const [one, pinned, two] = [0, 1, 2].map((i) => median(times.map((turn) => turn[i])));
  rmSync(cases, { recursive: true });
  return { allCores: one / two, ...(pins && { oneCore: pinned / two }) };
}

/** Writes a scan of 400 slices over the same height, each blended from its two neighbours. */
export async function writeLong(scan, folder) {
  const { voxels, shape, spacing, affine } = await readSeries(scan);
  const [slices, rows, columns] = shape;
  const size = rows * columns;
  const longer = new Int16Array(LONG * size);
  const step = (slices - 1) / (LONG - 1);
  for (let z = 0; z < LONG; z++) {
    const below = Math.min(Math.floor(z * step), slices - 2);
    const share = z * step - below;
    for (let i = 0; i < size; i++) {
      const a = voxels[below * size + i];
      longer[z * size + i] = Math.round(a + (voxels[(below + 1) * size + i] - a) * share);
    }
  }
  const thin = spacing[0] * step;
  const thinner = affine.map((v, i) => (i % 4 === 0 && i < 12 ? v * step : v));
  const truth = { nodules: [], lungVolumes: { right: 0, left: 0 } };
  await writePhantom(
    {
      voxels: longer,
      shape: [LONG, rows, columns],
      spacing: [thin, spacing[1], spacing[2]],
      affine: thinner,
      truth,
      seed: 1,
    },
    folder,
  );
  return { slices, voxels: voxels.length };
}

function yes(met) {
  return met ? "yes" : "no";
}
