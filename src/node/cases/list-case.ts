import { posix } from "node:path";
import { isZip } from "../../archives/zip-directory.ts";
import { isWebAddress } from "../../dicomweb/address.ts";
import { type InputFile, listInputFiles } from "../input-files.ts";
import { type CaseInput, type Selector, toInput } from "./case-input.ts";
import type { FileGroups, HeaderIndex } from "./header-index.ts";

/** Indexes of output folders, for the cases that this process does one after the other. */
const indexes = new Map<string, HeaderIndex>();

/**
 * Lists the files that a case reads, in the order of their names. Of a study or series that lies among others these are the
 * files that hold its images, and those of the same folders that belong to no other.
 *
 * @param out - output folder of the run, where earlier looks at headers are kept
 * @param series - the series to read: of a study in an archive no other is listed
 * @throws PleuraError `not-found` when one of the parts is not there; of an archive as `listArchive` does
 */
export async function listCase(
  input: string | CaseInput,
  out?: string,
  series?: string | number,
): Promise<InputFile[]> {
  const { only, folder } = toInput(input);
  if (isWebAddress(folder)) return (await import("../archive/list-archive.ts")).listArchive(folder, series);
  const files = listInputFiles(input);
  return only === undefined ? files : filesOf(files, only, await indexIn(out ?? ""));
}

/** Files by the folders that they lie in, and archives by themselves. */
export function leavesOf(files: readonly InputFile[]): InputFile[][] {
  const leaves = new Map<string, InputFile[]>();
  for (const file of files) {
    const leaf = isZip(file.name) ? file.name : `${posix.dirname(file.name)}/`;
    const known = leaves.get(leaf);
    if (known === undefined) leaves.set(leaf, [file]);
    else known.push(file);
  }
  return [...leaves.values()];
}

async function filesOf(files: readonly InputFile[], only: Selector, index: HeaderIndex): Promise<InputFile[]> {
  const chosen = new Set<InputFile>();
  for (const leaf of leavesOf(files)) {
    const { groups, files: numbers } = await index.all(leaf);
    for (const [i, file] of leaf.entries()) if (isOf(only, groups, numbers[i]!)) chosen.add(file);
  }
  return files.filter((file) => chosen.has(file));
}

/** What belongs to nobody is read too: it may be a damaged slice, and the reader tells. */
function isOf({ by, key }: Selector, groups: FileGroups["groups"], numbers: readonly number[]): boolean {
  return numbers.length === 0 || numbers.some((number) => groups[number]?.[by] === key);
}

async function indexIn(out: string): Promise<HeaderIndex> {
  let index = indexes.get(out);
  if (index === undefined) {
    const { HeaderIndex } = await import("./header-index.ts");
    index = out === "" ? new HeaderIndex() : new HeaderIndex(out);
    indexes.set(out, index);
  }
  return index;
}
