/**
 * Converts real scans, and one of them with the troubles of real archives, by pleura and by dcm2niix, and compares
 * the two in the patient's space; and compares each format that pleura writes, as ITK reads it, with the NIfTI
 * file. Prints a line each; exit status 1 when a voxel or a position differs that should not.
 *
 *   node scripts/parity-convert.mjs [name...]
 *
 * Needs the data of PLEURA_DATA and its tools/make-series.py, dcm2niix, plastimatch (for ITK), and a Python with
 * nibabel and pydicom.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PleuraError } from "pleura";
import { convertScan } from "pleura/node";
import { DATA, PYTHON, ROOT } from "./lib/paths.mjs";
import { hasProgram, run } from "./lib/tools.mjs";

const SCANS = ["lidc-idri-0001", "lidc-idri-0314", "lung-dx-a0002", "cip-64", "acrin-013-mixed"];
const TROUBLES =
  "plain passes2 slopes unsigned padding reversed feetfirst prone tilt scout twoseries junk nested gap dropped".split(
    " ",
  );
/** The volume that the troubles are made of. */
const VOLUME = join(DATA, "data/derived/cip-64-fused.npz");
/** What the two treat differently on purpose. */
const KNOWN = {
  "cip-64": "the steps between slices differ by 0.001 mm: dcm2niix takes the first, pleura their mean",
  "acrin-013-mixed": "pleura leaves the reformats out; dcm2niix does not stack the slices",
  tilt: "pleura resamples a tilted stack upright; dcm2niix keeps the grid, or shears it",
  gap: "pleura refuses missing slices; dcm2niix writes the slices as if they were evenly spaced",
  dropped: "pleura refuses missing slices; dcm2niix writes the slices as if they were evenly spaced",
};
/** Corners further apart than this lie elsewhere, mm: NIfTI has single precision. */
const SAME = 0.01;

for (const program of ["dcm2niix", "plastimatch"]) {
  if (!hasProgram(program)) throw new Error(`${program} is not installed`);
}
const chosen = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), "pleura-convert-"));
let wrong = 0;
try {
  for (const name of SCANS) {
    const folder = join(DATA, "data", name);
    for (const scan of scansIn(folder)) await compare(scan.slice(join(DATA, "data").length + 1), scan);
  }
  for (const trouble of TROUBLES) {
    if (!isChosen(trouble)) continue;
    const folder = join(scratch, "series", trouble);
    writeSeries(folder, trouble);
    await compare(trouble, folder);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`\n${wrong} not as they should be.`);
if (wrong > 0) process.exitCode = 1;

function isChosen(name) {
  return chosen.length === 0 || chosen.includes(name);
}

/** A folder of scans is taken apart; what holds files is a scan. */
function scansIn(folder) {
  if (!existsSync(folder)) return [];
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.length === 0 ? [folder] : folders.map(({ name }) => join(folder, name));
}

function writeSeries(folder, trouble) {
  const troubles = trouble === "plain" ? [] : ["--trouble", trouble];
  run(PYTHON, join(DATA, "tools/make-series.py"), VOLUME, folder, ...troubles);
}

/** Converts a scan by both programs, and prints what differs. */
async function compare(name, input) {
  if (!isChosen(name)) return;
  const folder = mkdtempSync(join(scratch, "files-"));
  const ours = join(folder, "pleura.nii.gz");
  // One series that lies in several folders.
  const options = name === "nested" ? { by: "series" } : {};
  let scan;
  try {
    scan = await convertScan(input, ours, options);
  } catch (error) {
    if (!(error instanceof PleuraError)) throw error;
    report(name, `refused: ${error.code}`, false, KNOWN[name]);
    return;
  }
  const pairs = [];
  for (const [ending, what] of [
    [".mha", "MetaImage"],
    [".nrrd", "NRRD"],
    [".nii", "NIfTI"],
  ]) {
    const file = join(folder, `pleura${ending}`);
    const read = join(folder, `itk-${what}.nii`);
    await convertScan(input, file, options);
    run("plastimatch", "convert", "--input", file, "--output-img", read, "--output-type", "short");
    pairs.push([what, read]);
  }
  const theirs = dcm2niix(input, folder, scan.shape);
  if (theirs !== undefined) pairs.push(["dcm2niix", theirs]);
  const script = join(ROOT, "scripts/lib/compare-nifti.py");
  const answers = JSON.parse(run(PYTHON, script, ...pairs.flatMap(([, file]) => [ours, file])));
  for (const [k, { differ, apart, shapes }] of answers.entries()) {
    const isSame = differ === 0 && apart < SAME;
    const figures =
      shapes === undefined
        ? `${differ} voxels differ, corners ${apart.toFixed(4)} mm apart`
        : `shapes ${shapes.join(" and ")}`;
    report(`${name}, ${pairs[k][0]}`, figures, isSame, pairs[k][0] === "dcm2niix" ? KNOWN[name] : undefined);
  }
  if (theirs === undefined) report(`${name}, dcm2niix`, "no volume of this shape", false, KNOWN[name]);
  rmSync(folder, { recursive: true });
}

/** What dcm2niix makes of the same scan: of its volumes, the one with as many voxels. */
function dcm2niix(input, folder, [nz, ny, nx]) {
  const out = join(folder, "dcm2niix");
  mkdirSync(out);
  spawnSync("dcm2niix", ["-b", "n", "-z", "n", "-m", "y", "-f", "%s_%p", "-o", out, input]);
  const made = readdirSync(out).filter((name) => name.endsWith(".nii") && !name.includes("_Tilt"));
  return made
    .map((name) => join(out, name))
    .find((file) => {
      const header = readFileSync(file).subarray(0, 348);
      return [nx, ny, nz].every((size, k) => header.readInt16LE(42 + 2 * k) === size);
    });
}

/** Prints a line; what differs for a known reason is not wrong. */
function report(name, figures, isSame, reason) {
  const isWrong = !isSame && reason === undefined;
  if (isWrong) wrong++;
  console.log(`${isWrong ? "✗ " : "  "}${name.padEnd(40)} ${figures}${isSame || isWrong ? "" : `  (${reason})`}`);
}
