/**
 * Writes a real scan as DICOM series in eight transfer syntaxes and with the troubles of real
 * archives, reads each of them, and compares what comes out with the plain series. Then reads the
 * series whose reformats lie among its slices. Prints a line each; exit status 1 when one is not
 * as it should be.
 *
 *   node scripts/parity-reading.mjs [name...]
 *
 * Needs the data of PLEURA_DATA, its tools/make-series.py, a Python with pydicom, and for the
 * compressed syntaxes dcmtk (dcmcjpls) and gdcm (gdcmconv). Says what it could not compare.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { encodeNpy, lungSides, PleuraError, prepare, segmentLungs, voxelVolume } from "pleura";
import { readSeries } from "pleura/node";
import { sha256 } from "./lib/golden.mjs";
import { DATA, PYTHON } from "./lib/paths.mjs";
import { bothLungs, patientDice } from "./lib/patient-dice.mjs";
import { hasProgram, run } from "./lib/tools.mjs";

const MAKE_SERIES = join(DATA, "tools/make-series.py");
const SCAN = join(DATA, "data/lidc-idri-0001");
const MIXED = join(DATA, "data/acrin-013-mixed");

/** Transfer syntaxes, with the program that writes them. */
const SYNTAXES = {
  explicit: undefined,
  implicit: undefined,
  big: undefined,
  deflated: undefined,
  rle: "gdcmconv",
  jpegll: "gdcmconv",
  jpegls: "dcmcjpls",
  j2k: "gdcmconv",
};

/**
 * What has to come of each trouble: `same`, every voxel of scan and lungs; a number, the least Dice
 * of the lungs in the patient; `refused`, with the Dice once the gap may be filled.
 */
const TROUBLES = {
  passes2: { expect: "same", finding: "repeated-passes" },
  slopes: { expect: 0.995, finding: "mixed-rescale" },
  unsigned: { expect: 0.995 },
  padding: { expect: 0.995 },
  gap: { expect: "refused", filled: 0.98 },
  dropped: { expect: "refused", filled: 0.995 },
  reversed: { expect: "same" },
  feetfirst: { expect: "same", finding: "feet-first" },
  prone: { expect: "same", finding: "prone" },
  tilt: { expect: 0.98, finding: "tilt" },
  scout: { expect: "same", finding: "left-out" },
  twoseries: { expect: "same", finding: "left-out" },
  junk: { expect: "same", finding: "truncated-file" },
  nested: { expect: "same" },
};

const chosen = process.argv.slice(2);
const isChosen = (name) => chosen.length === 0 || chosen.includes(name);
const scratch = mkdtempSync(join(tmpdir(), "pleura-reading-"));
let wrong = 0;
let left = 0;
try {
  if (whatIsMissing() === undefined) await compareWritten();
  else leave("the written series", whatIsMissing());
  if (isChosen("mixed")) await compareMixed();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`\n${wrong} not as they should be${left === 0 ? "" : `, ${left} not compared`}.`);
if (wrong > 0 || !existsSync(SCAN)) process.exitCode = 1;

function whatIsMissing() {
  if (!existsSync(SCAN)) return `there is no ${SCAN}; PLEURA_DATA says where to look`;
  if (!existsSync(MAKE_SERIES)) return `there is no ${MAKE_SERIES}`;
  if (spawnSync(PYTHON, ["-c", "import pydicom, scipy"]).status !== 0) return `${PYTHON} has no pydicom and scipy`;
  return undefined;
}

async function compareWritten() {
  const { voxels, shape, spacing } = await readSeries(SCAN);
  const npz = join(scratch, "scan.npz");
  const arrays = {
    "hu.npy": encodeNpy("int16", shape, voxels),
    "spacing.npy": encodeNpy("float32", [3], Float32Array.from(spacing)),
  };
  writeFileSync(npz, zipSync(arrays, { level: 1 }));
  const plain = await written(npz, [], prepared);
  for (const [syntax, program] of Object.entries(SYNTAXES)) {
    if (!isChosen(syntax)) continue;
    if (program !== undefined && !hasProgram(program)) {
      leave(syntax, `there is no ${program}`);
      continue;
    }
    const { clean, milliseconds } = await written(npz, ["--syntax", syntax], prepared);
    say(syntax, clean.sha === plain.clean.sha, `clean.npy ${clean.sha.slice(0, 12)}, read in ${milliseconds} ms`);
  }
  for (const [trouble, rule] of Object.entries(TROUBLES)) {
    if (isChosen(trouble)) await written(npz, ["--trouble", trouble], (path) => judge(trouble, rule, plain, path));
  }
}

/** Has a series written, does something with its folder, and takes it away again. */
async function written(npz, options, use) {
  const folder = join(scratch, "series");
  try {
    run(PYTHON, MAKE_SERIES, npz, folder, ...options);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function prepared(path, options) {
  const start = performance.now();
  const volume = await readSeries(path, options);
  const milliseconds = Math.round(performance.now() - start);
  const lungs = segmentLungs(volume);
  const { clean } = prepare(volume, lungs);
  const npy = encodeNpy("uint8", [1, ...clean.shape], clean.voxels);
  return { volume, lungs, mask: bothLungs(lungs), clean: { sha: sha256(npy) }, milliseconds };
}

async function judge(trouble, { expect, finding, filled }, plain, path) {
  if (expect === "refused") {
    const refusal = await prepared(path).catch((error) => error);
    const isRefused = refusal instanceof PleuraError && refusal.code === "inconsistent-series";
    say(trouble, isRefused, isRefused ? refusal.message : "was not refused");
    const repaired = await prepared(path, { fillGaps: true });
    const dice = patientDice(plain, repaired);
    say(`${trouble}, filled`, dice >= filled, `Dice ${dice.toFixed(5)}, at least ${filled}; ${told(repaired)}`);
    return;
  }
  const read = await prepared(path);
  const isTold = finding === undefined || read.volume.findings.some(({ code }) => code === finding);
  if (expect === "same") {
    const isSame =
      sha256(read.volume.voxels) === sha256(plain.volume.voxels) &&
      read.mask.equals(plain.mask) &&
      sameGrid(read, plain);
    say(trouble, isSame && isTold, `${isSame ? "every voxel the same" : "other voxels"}; ${told(read)}`);
  } else {
    const dice = patientDice(plain, read);
    say(trouble, dice >= expect && isTold, `Dice ${dice.toFixed(5)}, at least ${expect}; ${told(read)}`);
  }
}

/** Whether two volumes lie in the same place of the patient, to a thousandth of a millimetre. */
function sameGrid(a, b) {
  return a.volume.affine.every((value, i) => Math.abs(value - b.volume.affine[i]) < 1e-3);
}

function told({ volume }) {
  return volume.findings.map(({ code, severity }) => `${severity} ${code}`).join(", ") || "no findings";
}

/** The series with reformats among its slices: what is read, what is left out, and what lungs come of it. */
async function compareMixed() {
  if (!existsSync(MIXED)) {
    leave("mixed", `there is no ${MIXED}`);
    return;
  }
  const volume = await readSeries(MIXED);
  const out = volume.findings.filter(({ code }) => code === "left-out");
  const images = out.reduce((sum, { files }) => sum + files.length, 0);
  say(
    "mixed",
    volume.shape[0] === 49 && images === 24,
    `${volume.shape.join(" × ")} read, ${images} images left out in ${out.length} stacks; ${told({ volume })}`,
  );
  try {
    const lungs = segmentLungs(volume);
    const { right, left } = lungSides(volume, lungs);
    const litres = (mask) => ((mask.count() * voxelVolume(volume.spacing)) / 1e6).toFixed(2);
    console.log(
      `       its lungs: right ${litres(right)} L, left ${litres(left)} L, ${lungs.cut} slices cut from the top`,
    );
  } catch (error) {
    if (!(error instanceof PleuraError)) throw error;
    console.log(`       its lungs: ${error.code}, ${error.message}`);
  }
}

function say(name, isRight, what) {
  if (!isRight) wrong++;
  console.log(`${isRight ? "right" : "WRONG"}  ${name.padEnd(16)}  ${what}`);
}

function leave(name, why) {
  left++;
  console.log(`left   ${name.padEnd(16)}  not compared: ${why}`);
}
