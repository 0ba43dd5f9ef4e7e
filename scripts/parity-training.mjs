/**
 * Compares training sets with what the published code makes of them, byte for byte, through the
 * command line: LUNA16-shaped sets of real scans, plain and with the directions that the published
 * code reverses, and the labels of tables in voxels. Prints a line each with the bytes that differ;
 * exit status 1 when any does.
 *
 *   npm run build && npm run parity:training [-- name...]
 *
 * Needs the data of PLEURA_DATA, its tools/make-luna.py and reference/training.py, and a Python with
 * numpy, scipy, scikit-image and pydicom.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeNpy } from "pleura";
import { readNpz } from "./lib/npz.mjs";
import { DATA, PYTHON, ROOT } from "./lib/paths.mjs";
import { run } from "./lib/tools.mjs";

const CLI = join(ROOT, "dist/cli.js");
const MAKE_LUNA = join(DATA, "tools/make-luna.py");
const TRAINING = join(DATA, "reference/training.py");

/** Where a scan lies, by the name of its golden. */
const SCANS = {
  "lidc-idri-0001": "data/lidc-idri-0001",
  "lung-dx-a0002-B70f": "data/lung-dx-a0002/series-2-B70f",
  "lung-dx-a0002-B40f": "data/lung-dx-a0002/series-3-B40f",
  "cip-64": "data/cip-64",
};

/** Nodules as shares of the scan along x, y and z, with a diameter: within the lungs and at its ends. */
const PLACES = [
  [0.31, 0.47, 0.52, 8.25],
  [0.6871, 0.5213, 0.4177, 23.35064438],
  [0.25, 0.61, 0.33333333333, 4.000000001],
  [0.02, 0.97, 0.999, 31],
];

if (!existsSync(TRAINING)) {
  console.log(`Nothing was compared: there is no ${TRAINING}; PLEURA_DATA says where to look.`);
  process.exit(1);
}
const wanted = process.argv.slice(2);
let differing = 0;
for (const [name, place] of Object.entries(SCANS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const scratch = mkdtempSync(join(tmpdir(), "pleura-training-"));
  try {
    const scan = join(DATA, place);
    const golden = join(DATA, "golden", `${name}.npz`);
    for (const flip of [false, true]) compareLuna(name, scan, golden, join(scratch, String(flip)), flip);
    compareVoxels(name, scan, golden, scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
console.log(differing === 0 ? "\n0 bytes differ." : `\n${differing} files differ.`);
if (differing > 0) process.exitCode = 1;

/** A LUNA16-shaped set, with nodules and without. */
function compareLuna(name, scan, golden, folder, flip) {
  const uid = run(PYTHON, MAKE_LUNA, scan, golden, folder, ...(flip ? ["--flip"] : [])).trim();
  const annotations = join(folder, "annotations.csv");
  const head = "seriesuid,coordX,coordY,coordZ,diameter_mm\n";
  for (const [kind, rows] of [
    ["nodules", lunaRows(uid, join(folder, `subset0/${uid}.mhd`))],
    ["no nodules", ""],
  ]) {
    writeFileSync(annotations, head + rows);
    const expected = join(folder, `expected ${kind}`);
    const masks = join(folder, `seg-lungs/${uid}.mhd`);
    run(PYTHON, TRAINING, "luna", join(folder, `subset0/${uid}.mhd`), masks, annotations, "--out", expected);
    const out = join(folder, `out ${kind}`);
    const flags = ["--profile", "luna16", "--lungs", join(folder, "seg-lungs"), "--nodules", annotations];
    run(process.execPath, CLI, "prep", join(folder, "subset0"), ...flags, "--out", out);
    const what = `${name}, LUNA16${flip ? ", flipped" : ""}, ${kind}`;
    for (const file of ["clean", "label"]) report(what, file, expected, join(out, `${uid}_${file}.npy`));
  }
}

/** Tables by position in voxels, as the competition's are, on the DICOM series itself. */
function compareVoxels(name, scan, golden, folder) {
  const { shape, box } = readNpz(golden);
  const [nz, ny, nx] = Array.from(shape.data, Number);
  const rows = PLACES.map(([x, y, z, d]) => `case,${x * nx},${y * ny},${z * nz},${d / 0.7}\n`).join("");
  writeFileSync(join(folder, "box.npy"), encodeNpy("int64", [3, 2], BigInt64Array.from(box.data, BigInt)));
  for (const [kind, text] of [
    ["rows", rows],
    ["header", `id,coordx1,coordx2,coordx3,diameter,isMerged\n${rows.replaceAll("\n", ",0\n")}`],
    ["none", "id,x,y,z,diameter\ncase,0,0,0,-1\n"],
  ]) {
    const table = join(folder, `${kind}.csv`);
    writeFileSync(table, text.replaceAll("case,", `${scan.split("/").at(-1)},`));
    const expected = join(folder, `expected ${kind}`);
    run(PYTHON, TRAINING, "labels", golden, join(folder, "box.npy"), table, "--out", expected);
    const out = join(folder, `out ${kind}`);
    run(process.execPath, CLI, "prep", scan, "--nodules", table, "--out", out);
    const label = readdirSync(out).find((file) => file.endsWith("_label.npy"));
    report(`${name}, voxels, ${kind}`, "label", expected, join(out, label));
  }
}

function lunaRows(uid, header) {
  const text = readFileSync(header, "utf8");
  const numbers = (field) => new RegExp(`^${field} = (.*)$`, "m").exec(text)[1].split(" ").map(Number);
  const [offset, size, step, directions] = ["Offset", "DimSize", "ElementSpacing", "TransformMatrix"].map(numbers);
  return PLACES.map(([x, y, z, d]) => {
    const at = [x, y, z].map((share, i) => offset[i] + directions[4 * i] * share * size[i] * step[i]);
    return `${uid},${at.join(",")},${d}\n`;
  }).join("");
}

function report(what, file, expected, found) {
  const a = readFileSync(join(expected, `${file}.npy`));
  const b = readFileSync(found);
  let count = Math.abs(a.length - b.length);
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) count++;
  if (count > 0) differing++;
  console.log(`${what.padEnd(48)}  ${file}.npy  ${String(count).padStart(8)} of ${a.length} bytes differ`);
}
