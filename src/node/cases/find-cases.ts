import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PleuraError } from "../../errors.ts";
import { plainError } from "../failure.ts";
import type { CaseFolder } from "./case-input.ts";
import { refuseSameNames } from "./collisions.ts";
import { expandInput, type LazyIndex } from "./expand-input.ts";
import { holdsNothing, lookInto } from "./folder-contents.ts";
import { caseName } from "./scan-file.ts";

/**
 * Finds the cases behind the inputs of a run, each by its folder or file.
 *
 * A file that holds a scan is a case. A folder with DICOM files of its own is one, named after the folder;
 * otherwise each sub-folder, each archive and each image file in it is one. A folder with both is one case when all belongs to
 * one study; if not, its own files are a case, and the sub-folders and archives are others. Image files are
 * always cases of their own. A folder with a DICOMDIR is one case with all that lies below it. A folder with
 * nothing of that is one case too: it fails by name when its turn comes and does not keep the others from finishing. Results of
 * pleura are no input. A folder that is reached twice is one case; a link with another name is another case.
 *
 * @param inputs - folders or files, in the order in which their cases are to be reported
 * @param out - output folder of the run
 * @returns the cases: inputs in the order given, sub-folders by name
 * @throws PleuraError `not-found` when an input is neither; `invalid-option` when two folders
 * would write to the same names
 */
export async function findCases(inputs: readonly string[], out?: string): Promise<CaseFolder[]> {
  const index = lazyIndex();
  const cases = await folderCases(inputs, { indexOf: index, note: () => {}, ...(out !== undefined && { out }) });
  const found = cases.map(({ one }) => one);
  refuseSameNames(found);
  return found;
}

/** A case, and the numbers of the inputs that it was found in. */
export interface FoundCase {
  readonly one: CaseFolder;
  readonly inputs: number[];
}

/** What {@link folderCases} needs beside the inputs. */
export interface FolderOptions {
  readonly out?: string;
  readonly indexOf: LazyIndex;
  /** Told what is not read, for the user. */
  readonly note: (text: string) => void;
}

/** The cases of {@link findCases} before their names are compared. */
export async function folderCases(
  inputs: readonly string[],
  { out, indexOf, note }: FolderOptions,
): Promise<FoundCase[]> {
  const avoid = out === undefined ? undefined : await realPath(resolve(out));
  const seen = new Map<string, FoundCase>();
  for (const [input, path] of inputs.map((given) => resolve(given)).entries()) {
    let isEmpty = true;
    for (const one of await expandInput(path, indexOf, note)) {
      const real = await realPath(one.folder);
      // An output folder within an input, in which no scan lies beside the results.
      if (real === avoid && one.folder !== path && holdsNothing(await lookInto(one.folder))) continue;
      const key = join(real, one.name);
      const known = seen.get(key);
      if (known === undefined) seen.set(key, { one, inputs: [input] });
      else known.inputs.push(input);
      isEmpty = false;
    }
    if (isEmpty) seen.set(path, { one: noCase(path), inputs: [input] });
  }
  return [...seen.values()];
}

/** The case that stands for an input which is no case otherwise: it fails by name. */
export function noCase(path: string): CaseFolder {
  const error = new PleuraError("no-case", "There is no scan in this input", {
    stage: "read",
    file: path,
    hint: "Give the folder that holds the DICOM files, or a folder of such folders",
  });
  return { name: caseName(path), folder: path, refused: plainError(error) };
}

/** An index that is made, and loaded, when it is asked for the first time. */
export function lazyIndex(out?: string, signals?: readonly AbortSignal[]): LazyIndex {
  let index: ReturnType<LazyIndex> | undefined;
  return () => {
    index ??= import("./header-index.ts").then(({ HeaderIndex }) => new HeaderIndex(out, signals));
    return index;
  };
}

/** The real path, or the path itself of what is not there. */
export function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
