/**
 * What it takes to find the cases of an archive: the look at the headers of all inputs, before the first case begins.
 *
 *   npm run bench:look [-- --folders 1000 --files 133]
 *
 * Writes folders of small DICOM files, each a series of its own, and prints milliseconds per 1,000 folders, by `--by folder` (few
 * headers of each) and by `--by study` (all of them), the first time and the next time, when headers are known from before.
 */
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makePhantom } from "pleura";
import { casesOf, writePhantom } from "pleura/node";

const { values } = parseArgs({
  options: { folders: { type: "string", default: "1000" }, files: { type: "string", default: "133" } },
});
const FOLDERS = Number(values.folders);
const FILES = Number(values.files);

const scratch = mkdtempSync(join(tmpdir(), "pleura-look-"));
try {
  await writeArchive(join(scratch, "scans"));
  console.log(`${FOLDERS} folders of ${FILES} files; milliseconds per 1,000 folders`);
  for (const by of ["folder", "study"]) {
    const out = join(scratch, by);
    for (const time of ["first", "next"]) await look(by, time, out);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function look(by, time, out) {
  const before = process.cpuUsage();
  let cost;
  const cases = await casesOf([join(scratch, "scans")], { out, by, onLook: (told) => (cost = told) });
  const { user, system } = process.cpuUsage(before);
  const apiece = (milliseconds) => String(Math.round((milliseconds / FOLDERS) * 1000)).padStart(6);
  const cpu = apiece((user + system) / 1000);
  console.log(
    `--by ${by.padEnd(6)}  ${time.padEnd(5)}  ${apiece(cost.milliseconds)} ms, ${cpu} ms of processor time, ` +
      `${cost.headers} headers read, ${cases.length} cases`,
  );
}

/** Files differ in their UIDs at both ends of a folder; those between are links to one file of the folder. */
async function writeArchive(folder) {
  const model = join(scratch, "model");
  await writePhantom(makePhantom({ size: 32, slices: 2, nodules: 0 }), model);
  const [bytes] = readdirSync(model).map((name) => readFileSync(join(model, name)));
  for (let i = 0; i < FOLDERS; i++) {
    const path = join(folder, `case-${String(i).padStart(6, "0")}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "000.dcm"), withUids(bytes, i));
    for (let k = 1; k < FILES - 1; k++)
      linkSync(join(path, "000.dcm"), join(path, `${String(k).padStart(3, "0")}.dcm`));
    copyFileSync(join(path, "000.dcm"), join(path, `${FILES - 1}z.dcm`));
  }
}

/** Puts the number of a folder into the last digits of every UID of the phantom. */
function withUids(bytes, number) {
  const text = bytes.toString("latin1").replace(/2\.25\.\d{20,}/g, (uid) => {
    const digits = String(number).padStart(6, "0");
    return uid.slice(0, -digits.length) + digits;
  });
  return Buffer.from(text, "latin1");
}
