import { createHash } from "node:crypto";
import { basename, isAbsolute, relative, resolve, sep } from "node:path";
import { zipSources } from "../archives/zip.ts";
import { isZip } from "../archives/zip-directory.ts";
import { clearUids, type FileNamer, labelFiles } from "../case/file-labels.ts";
import { isWebAddress } from "../dicomweb/address.ts";
import { lastListing } from "./archive/list-archive.ts";
import { type CaseInput, toInput } from "./cases/case-input.ts";
import { fileSource } from "./file-source.ts";
import { inflateAside } from "./inflate-aside.ts";
import { type InputFile, listInputFiles } from "./input-files.ts";

/**
 * Makes what names the files of a case in all that is written or sent: by label those of its input,
 * by path those in the output folder, which pleura has named itself, and no others.
 *
 * @param one - the case's input
 * @param out - output folder, if there is one
 * @param files - those that will be named
 */
export async function makeFileNamer(
  one: string | CaseInput,
  out: string | undefined,
  files: Iterable<string>,
): Promise<FileNamer> {
  const { folder } = toInput(one);
  const isArchive = isWebAddress(folder);
  const input = isArchive ? folder : resolve(folder);
  const listed = isArchive ? lastListing(folder) : listIfAny({ ...toInput(one), folder: input });
  const nameOf = (file: string) => (isAbsolute(file) ? relative(input, file).split(sep).join("/") : file);
  const labels = await labelFiles(listed, Array.from(files, nameOf), {
    sha256: (text) => createHash("sha256").update(text).digest("hex"),
    entriesOf: (archive) => entriesOf(listed.find(({ name }) => name === archive)),
  });
  return {
    file(file) {
      if (file === input || file === folder) return "the input";
      const isListed = listed.some(({ path }) => path === file);
      if (isAbsolute(file) && !isListed) {
        if (out !== undefined && isBelow(file, out)) return file;
        if (!isBelow(file, input)) return undefined;
      }
      return labels.get(nameOf(file));
    },
    text: (text) => clearUids(clearNames(text, listed)),
  };
}

/** Shorter names are words or numbers that mean something else. */
const SHORTEST_NAME = 5;

/** Replaces the paths and names of a case's files where they stand in a text as words of their own. */
function clearNames(text: string, listed: readonly InputFile[]): string {
  let cleared = text;
  for (const [i, { path, name }] of listed.entries()) {
    const label = `file ${i + 1} of ${listed.length}`;
    for (const known of new Set([String(path), name, basename(name)])) {
      if (known.length < SHORTEST_NAME || !cleared.includes(known)) continue;
      const literal = known.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
      cleared = cleared.replace(new RegExp(`(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])`, "gu"), label);
    }
  }
  return cleared;
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function listIfAny(input: CaseInput): InputFile[] {
  try {
    return listInputFiles(input);
  } catch {
    // What is wrong with the input is what the failure tells of.
    return [];
  }
}

async function entriesOf(archive: InputFile | undefined): Promise<string[]> {
  if (archive === undefined || !isZip(archive.name)) return [];
  const sources = await zipSources(fileSource(archive.path, archive.name, archive.size), inflateAside);
  return sources.map(({ name }) => name.slice(archive.name.length + 1));
}
