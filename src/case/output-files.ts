import { outputNames } from "./outputs.ts";

/** What pleura puts into an output folder for itself begins so: locks, records, unfinished files. */
const OWN_PREFIX = ".pleura";
/** Formats that pleura writes and never reads: arrays, manifests, reports. */
const NEVER_INPUT = /\.(npy|json|html)$/i;
/** A case's first file; what else bears the same name beside it is the case's too. */
const FIRST = outputNames("").clean;

/** What is added to a case's name in the names of its outputs, those of stages included. */
export const OUTPUT_SUFFIXES: readonly string[] = suffixesOf(outputNames(""));

/**
 * Tells which names of a folder are not input: what pleura has written there, in this run or in another.
 *
 * Arrays, JSON and HTML never hold a scan. A label map, and whatever else a case leaves, is an output where the
 * case's `_clean.npy` lies beside it; without that it is a file like any other.
 *
 * @param names - all names of one folder, without the folder
 */
export function outputsAmong(names: Iterable<string>): (name: string) => boolean {
  const cases = new Set<string>();
  for (const name of names) if (name.endsWith(FIRST)) cases.add(name.slice(0, -FIRST.length));
  return (name) => {
    if (name.startsWith(OWN_PREFIX) || NEVER_INPUT.test(name)) return true;
    return (
      cases.size > 0 &&
      OUTPUT_SUFFIXES.some((suffix) => name.endsWith(suffix) && cases.has(name.slice(0, -suffix.length)))
    );
  };
}

/** Whether a name says that its folder is one into which pleura writes, or has written. */
export function marksOutputs(name: string): boolean {
  return name.startsWith(OWN_PREFIX) || name.endsWith(FIRST);
}

/**
 * Leaves out what pleura has written of files in any number of folders.
 *
 * @param nameOf - a file's path, with `/` between folders
 */
export function withoutOutputs<File>(files: readonly File[], nameOf: (file: File) => string): File[] {
  const folders = new Map<string, string[]>();
  const split = (file: File): readonly [folder: string, name: string] => {
    const path = nameOf(file);
    const at = path.lastIndexOf("/") + 1;
    return [path.slice(0, at), path.slice(at)];
  };
  for (const file of files) {
    const [folder, name] = split(file);
    const names = folders.get(folder);
    if (names === undefined) folders.set(folder, [name]);
    else names.push(name);
  }
  const isOutput = new Map(Array.from(folders, ([folder, names]) => [folder, outputsAmong(names)]));
  return files.filter((file) => {
    const [folder, name] = split(file);
    return !isOutput.get(folder)!(name) && !folder.split("/").some((part) => part.startsWith(OWN_PREFIX));
  });
}

function suffixesOf(names: object): string[] {
  return Object.values(names).flatMap((value: unknown) =>
    typeof value === "string" ? [value] : typeof value === "object" && value !== null ? suffixesOf(value) : [],
  );
}
