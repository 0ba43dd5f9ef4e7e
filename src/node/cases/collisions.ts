import { realpath } from "node:fs/promises";
import { basename, dirname, extname, join, resolve, sep } from "node:path";
import { OUTPUT_SUFFIXES } from "../../case/output-files.ts";
import { PleuraError } from "../../errors.ts";
import { readManifest } from "../manifest.ts";
import type { CaseFolder } from "./case-input.ts";

/**
 * What a case's name must not have more than another's: then a file of the one is a file of the other. With `x_preview`
 * beside `x`, `x_preview.json` is a manifest and a preview.
 */
const INFIXES: readonly string[] = [
  ...new Set(
    OUTPUT_SUFFIXES.flatMap((long) =>
      OUTPUT_SUFFIXES.filter((short) => short !== long && long.endsWith(short)).map((short) =>
        long.slice(0, -short.length).toLowerCase(),
      ),
    ),
  ),
];

/**
 * Refuses cases whose outputs would be the same files. Names are compared without case: on some file systems
 * `A_clean.npy` and `a_clean.npy` are one file.
 *
 * @throws PleuraError `invalid-option`
 */
export function refuseSameNames(cases: readonly CaseFolder[]): void {
  const taken = new Map<string, CaseFolder>();
  for (const one of cases) {
    const name = one.name.toLowerCase();
    const other = taken.get(name);
    if (other !== undefined) throw sameNames(other, one);
    taken.set(name, one);
  }
  for (const [name, one] of taken) {
    for (const infix of INFIXES) {
      const other = taken.get(name + infix);
      if (other !== undefined) throw sameNames(one, other);
    }
  }
}

/**
 * Refuses files of a run that would be written over a case's outputs, over each other, or among the files
 * of a case, which would then read them the next time.
 *
 * @param files - what the run writes beside the cases' outputs, by the option that names it
 * @throws PleuraError `invalid-option`
 */
export async function refuseReports(
  cases: readonly CaseFolder[],
  out: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const names = new Map(cases.map((one) => [one.name.toLowerCase(), one]));
  const folder = await realFolder(out);
  const taken = new Map<string, string>();
  for (const [option, file] of Object.entries(files)) {
    const path = join(await realFolder(dirname(resolve(file))), basename(file));
    const known = path.toLowerCase();
    const other = taken.get(known);
    if (other !== undefined) throw refused(option, file, `is the file of ${other} too`);
    taken.set(known, option);
    if (dirname(path) === folder) {
      const owner = ownerOf(basename(known), names);
      if (owner !== undefined) throw refused(option, file, `is a file of the case "${owner.name}"`);
    }
    if ((await readManifest(dirname(path), basename(path, ".json"))) !== undefined) {
      throw refused(option, file, "is the manifest of an earlier case");
    }
    const reader = [".json", ".html"].includes(extname(known)) ? undefined : cases.find((one) => isWithin(path, one));
    if (reader !== undefined) throw refused(option, file, `lies among the files of the case "${reader.name}"`);
  }
}

function ownerOf(file: string, names: ReadonlyMap<string, CaseFolder>): CaseFolder | undefined {
  for (const suffix of OUTPUT_SUFFIXES) {
    const owner = file.endsWith(suffix) ? names.get(file.slice(0, -suffix.length)) : undefined;
    if (owner !== undefined) return owner;
  }
  return undefined;
}

function isWithin(path: string, { folder, parts = [folder] }: CaseFolder): boolean {
  return parts.some((part) => path === part || path.startsWith(part.endsWith(sep) ? part : part + sep));
}

/** The folder's real path; of one that is not there yet, that of what is. */
async function realFolder(path: string): Promise<string> {
  const whole = resolve(path);
  const real = await realpath(whole).catch(() => undefined);
  if (real !== undefined || whole === dirname(whole)) return real ?? whole;
  return join(await realFolder(dirname(whole)), basename(whole));
}

function sameNames(one: CaseFolder, other: CaseFolder): PleuraError {
  const files =
    one.name.toLowerCase() === other.name.toLowerCase()
      ? `would both be written as case "${other.name}"`
      : `would write the same file, as cases "${one.name}" and "${other.name}"`;
  return new PleuraError("invalid-option", `${one.folder} and ${other.folder} ${files}`, {
    stage: "options",
    hint: "Rename one of the folders, give other names with --names, or use different output folders",
  });
}

function refused(option: string, file: string, what: string): PleuraError {
  return new PleuraError("invalid-option", `The file of ${option} ${what}`, {
    stage: "options",
    file,
    hint: "Give it another name or another folder",
  });
}
