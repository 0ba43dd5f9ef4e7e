import { open, readdir, realpath, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { outputNames } from "../case/outputs.ts";
import { safeName } from "../case/safe-name.ts";
import { isZip } from "../dicom/zip-directory.ts";
import { PleuraError } from "../errors.ts";
import { isImageFile } from "../formats/decode-image.ts";

/** One case of a run: where its series lies, and the name its outputs carry. */
export interface CaseFolder {
  /** Name of the folder or file, made safe for file names: letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** Absolute path of the folder, or of the one file that holds the scan. */
  readonly folder: string;
  /** Series Instance UID, when the case is one of several series of its folder. */
  readonly series?: string;
}

/**
 * Finds the cases behind the inputs of a run.
 *
 * A folder that holds DICOM files itself is one case, named after the folder; otherwise each
 * immediate sub-folder is a case, and each image file (NIfTI, MetaImage, NRRD) in it; hidden ones
 * and `out` are left aside. A folder with nothing of that is one case too: it fails by name when its
 * turn comes and does not keep the others from finishing. A single image file, or a `.zip`, is a case.
 * A folder that is reached twice is one case; a link with another name is another case.
 *
 * @param inputs - folders or files, in the order in which their cases are to be reported
 * @param out - output folder of the run, never taken for a case
 * @returns the cases: inputs in the order given, sub-folders by name
 * @throws PleuraError `not-found` when an input is neither; `invalid-option` when two folders
 * would write to the same names
 */
export async function findCases(inputs: readonly string[], out?: string): Promise<CaseFolder[]> {
  const avoid = out === undefined ? undefined : await realpath(out).catch(() => resolve(out));
  const seen = new Set<string>();
  const cases: CaseFolder[] = [];
  for (const input of inputs) {
    for (const folder of await expand(resolve(input))) {
      const name = caseName(folder);
      const real = await realpath(folder);
      if (real !== avoid && !seen.has(join(real, name))) cases.push({ name, folder });
      seen.add(join(real, name));
    }
  }
  refuseSameNames(cases);
  return cases;
}

/**
 * Refuses cases whose outputs would be the same files.
 *
 * @throws PleuraError `invalid-option`
 */
export function refuseSameNames(cases: readonly CaseFolder[]): void {
  const taken = new Map<string, string>();
  for (const { name, folder } of cases) {
    // Compared without case: on some file systems A_clean.npy and a_clean.npy are one file.
    const other = taken.get(name.toLowerCase());
    if (other !== undefined) {
      throw new PleuraError("invalid-option", `${other} and ${folder} would both be written as case "${name}"`, {
        stage: "options",
        hint: "Rename one of the folders, or give them to runs with different output folders",
      });
    }
    taken.set(name.toLowerCase(), folder);
  }
}

/** The name of the case that lies in a folder or file: its own, made safe, without the file's extension. */
export function caseName(path: string): string {
  const name = basename(path);
  return safeName(isScanFile(name) ? name.replace(/(\.nii)?\.[^.]+$/i, "") : name);
}

async function expand(input: string): Promise<string[]> {
  const found = await stat(input).catch(() => undefined);
  if (found?.isFile() && isScanFile(input)) return [input];
  if (!found?.isDirectory()) {
    throw new PleuraError("not-found", found === undefined ? "no such folder" : "neither a folder nor a scan", {
      stage: "options",
      file: input,
      hint: "Give the folder that holds the DICOM files, or a folder of such folders",
    });
  }
  const entries = await readdir(input, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const cases: string[] = [];
  for (const entry of entries) {
    const path = join(input, entry.name);
    const kind = entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : entry;
    if (kind?.isFile() && (await looksLikeDicom(path))) return [input];
    const isCase = kind?.isDirectory() || (kind?.isFile() && isImageFile(entry.name) && !isOutput(entry.name));
    if (isCase && !entry.name.startsWith(".")) cases.push(path);
  }
  return cases.length > 0 ? cases : [input];
}

/** Whether one file can hold a whole scan. */
function isScanFile(name: string): boolean {
  return isImageFile(name) || isZip(name);
}

/** Whether a file has the name of a label map that an earlier run has left beside its input. */
function isOutput(name: string): boolean {
  const { lungs, stages } = outputNames("");
  return [lungs, ...Object.values(stages)].some((end) => name.endsWith(end));
}

/** Whether a file says that it is DICOM: by its magic word, or by its name where that is missing. */
async function looksLikeDicom(path: string): Promise<boolean> {
  if (/\.(dcm|ima)$/i.test(path)) return true;
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 128);
    return bytesRead === 4 && buffer.toString("latin1") === "DICM";
  } finally {
    await file.close();
  }
}
