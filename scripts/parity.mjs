/**
 * Compares every stage with what the published pipeline gives, on real scans and on phantoms, and
 * prints a row a stage and a column a scan: the number of voxels (or values) that differ. Exit
 * status 1 when any does.
 *
 * The real scans and their stages are looked for in PLEURA_DATA. The phantoms need the reference
 * itself and a Python with scikit-image; one of them has slices that are not square.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makePhantom, popcount, prepare, segmentLungs } from "pleura";
import { readSeries, writePhantom } from "pleura/node";
import { goldenFromFolder, goldenFromNpz, sha256, volumeFromNpz } from "./lib/golden.mjs";
import { DATA, PYTHON } from "./lib/paths.mjs";

const ROWS = [
  "hu",
  "spacing",
  "binary",
  "cut",
  "body",
  "filled",
  "lung1",
  "lung2",
  "dilated1",
  "dilated2",
  "box",
  "clean",
  "label",
];

/** Where a real scan lies, by the name of its golden. */
const SCANS = {
  "lidc-idri-0001": "data/lidc-idri-0001",
  "lung-dx-a0002-B70f": "data/lung-dx-a0002/series-2-B70f",
  "lung-dx-a0002-B40f": "data/lung-dx-a0002/series-3-B40f",
  "cip-64": "data/cip-64",
  "cip-64-leak": "data/derived/cip-64-leak.npz",
  "cip-64-one-lung": "data/derived/cip-64-one-lung.npz",
  "cip-64-fused": "data/derived/cip-64-fused.npz",
};

const PHANTOMS = {
  phantom: { size: 192, slices: 64, seed: 7 },
  "phantom-wide": { size: [160, 200], slices: 60, seed: 8 },
};

const columns = [...(await compareScans()), ...(await comparePhantoms())];
if (columns.length > 0) report(columns);
else console.log("Nothing was compared.");

function report(columns) {
  printTable(columns);
  const counts = columns.flatMap(({ counts }) => ROWS.map((row) => counts[row]));
  const differing = counts.filter((count) => count !== 0).length;
  console.log(
    differing === 0 ? `\n0 differ, every stage, all ${columns.length} cases.` : `\n${differing} stages differ.`,
  );
  if (differing > 0) process.exitCode = 1;
}

async function compareScans() {
  if (!existsSync(join(DATA, "golden"))) {
    console.log(`Real scans: not compared. There is no ${join(DATA, "golden")}; PLEURA_DATA says where to look.`);
    process.exitCode = 1;
    return [];
  }
  const columns = [];
  for (const [name, place] of Object.entries(SCANS)) {
    const path = join(DATA, place);
    const scan = place.endsWith(".npz") ? volumeFromNpz(path) : await readSeries(path);
    columns.push({ name, counts: compare(scan, goldenFromNpz(join(DATA, "golden", `${name}.npz`))) });
  }
  return columns;
}

async function comparePhantoms() {
  const reference = join(DATA, "reference/reference.py");
  if (!existsSync(reference) || spawnSync(PYTHON, ["-c", "import skimage, pydicom"]).status !== 0) {
    console.log(
      `Phantoms: not compared. That needs ${reference} and a Python with scikit-image and pydicom (${PYTHON}).`,
    );
    return [];
  }
  const scratch = mkdtempSync(join(tmpdir(), "pleura-parity-"));
  const columns = [];
  try {
    for (const [name, options] of Object.entries(PHANTOMS)) {
      const scan = join(scratch, name);
      const stages = join(scratch, `${name}-stages`);
      await writePhantom(makePhantom(options), scan);
      const { status } = spawnSync(PYTHON, [reference, scan, "--out", stages, "--stages"], {
        stdio: ["ignore", "ignore", "inherit"],
      });
      if (status !== 0) throw new Error(`the reference ended with status ${status} on ${name}`);
      columns.push({ name, counts: compare(await readSeries(scan), goldenFromFolder(stages)) });
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return columns;
}

/** Number of voxels, or values, that differ, a stage. */
function compare(scan, golden) {
  const counts = {
    hu: sha256(scan.voxels) === golden.hu ? 0 : "other",
    spacing: differences(scan.spacing, golden.spacing),
  };
  const onStage = (stage, mask) => {
    counts[stage] = maskDifferences(mask, golden.masks[stage]);
  };
  const lungs = segmentLungs(scan, { onStage });
  const { clean, label, geometry } = prepare(scan, lungs, { onStage });
  counts.cut = differences([lungs.cut, lungs.bodies], golden.cut);
  counts.box = differences(geometry.box.flat(), golden.box);
  counts.label = labelDifferences(label, golden.label);
  counts.clean = cleanDifferences(clean, golden.clean);
  return counts;
}

function cleanDifferences(clean, golden) {
  if (sha256(clean.voxels) === golden.sha256) return 0;
  if (golden.data === undefined || golden.data.length !== clean.voxels.length) return "other";
  return differences(clean.voxels, golden.data);
}

/** Values that differ, those of another type and of another shape included. */
function labelDifferences(label, golden) {
  const sameType = label.constructor === golden.data.constructor;
  return (sameType ? differences(label, golden.data) : label.length) + differences([1, 4], golden.shape);
}

function maskDifferences(mask, golden) {
  let count = 0;
  for (let i = 0; i < mask.words.length; i++) count += popcount(mask.words[i] ^ golden.words[i]);
  return count;
}

function differences(values, expected) {
  let count = Math.abs(values.length - expected.length);
  for (let i = 0; i < Math.min(values.length, expected.length); i++) if (values[i] !== expected[i]) count++;
  return count;
}

function printTable(columns) {
  const first = Math.max(...ROWS.map((row) => row.length));
  const widths = columns.map(({ name }) => name.length);
  console.log([" ".repeat(first), ...columns.map(({ name }) => name)].join("  "));
  for (const row of ROWS) {
    const cells = columns.map(({ counts }, i) => String(counts[row] ?? "missing").padStart(widths[i]));
    console.log([row.padEnd(first), ...cells].join("  "));
  }
}
