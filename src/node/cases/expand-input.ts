import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { OUTPUT_SUFFIXES } from "../../case/output-files.ts";
import { safeName } from "../../case/safe-name.ts";
import { PleuraError } from "../../errors.ts";
import { plainError } from "../failure.ts";
import type { CaseFolder } from "./case-input.ts";
import { type FolderContents, foldersBelow, holdsNothing, lookInto } from "./folder-contents.ts";
import type { HeaderIndex } from "./header-index.ts";
import type { ImageGroup } from "./image-group.ts";
import { caseName, firstDicom, isDicomFile, isScanFile, withoutExtension } from "./scan-file.ts";

/** Whatever reads headers; it is loaded when headers have to be read. */
export type LazyIndex = () => Promise<HeaderIndex>;

/**
 * The cases behind one input, by its folders and files.
 *
 * A file that holds a scan is a case. A folder with DICOM files of its own is one, named after the folder;
 * otherwise each sub-folder, each archive and each image file in it is one. A folder with both is one case when all belongs to
 * one study; if not, its own files are a case, and the sub-folders and archives are others. Image files are
 * always cases of their own. A folder with a DICOMDIR is one case with all that lies below it. A folder with
 * nothing of that is one case too, which fails when its turn comes.
 *
 * @param input - absolute path
 * @param indexOf - asked for where names alone do not tell
 * @param note - told what is not read, for the user
 * @returns none when only results of pleura lie in the folder
 * @throws PleuraError `not-found` when the input is neither a folder nor a scan
 */
export async function expandInput(
  input: string,
  indexOf: LazyIndex,
  note: (text: string) => void,
): Promise<CaseFolder[]> {
  const found = await stat(input).catch(() => undefined);
  if (found?.isFile() && (isScanFile(input) || (await isDicomFile(input)))) return [caseAt(input)];
  if (!found?.isDirectory()) throw refuseInput(input, found !== undefined);
  const here = await lookInto(input);
  noteArchives(here, note);
  if (here.medium) return [caseAt(input)];
  const within = [...here.folders, ...here.zips];
  const images = withoutMaps(here, note).map((name) => caseAt(join(input, name)));
  const unreadable = here.unreadable.map((label) => unreadableCase(input, label));
  const apart = [...within.map((name) => caseAt(join(input, name))), ...images, ...unreadable].sort(byPlace);
  if ((await firstDicom(input, here.files)) === undefined) {
    if (apart.length > 0) return apart;
    return holdsNothing(here) && here.results ? [] : [caseAt(input)];
  }
  const own: CaseFolder = { ...caseAt(input), parts: [input] };
  if (apart.length === 0) return [caseAt(input)];
  if (within.length === 0) return [own, ...apart];
  const parts = await partsOfOneStudy(here, await indexOf());
  if (parts === undefined) return [own, ...apart];
  const whole = images.length + unreadable.length === 0 ? caseAt(input) : { ...own, parts };
  return [whole, ...images, ...unreadable];
}

/** A folder's own files, and all folders and archives below it, when they hold no more than one study. */
async function partsOfOneStudy(here: FolderContents, index: HeaderIndex): Promise<string[] | undefined> {
  const studies = new Set<string>();
  const add = (groups: readonly ImageGroup[]): void => {
    for (const { study, slices } of groups) if (study !== undefined && slices > 0) studies.add(study);
  };
  const parts: string[] = [];
  for await (const folder of foldersBelow(here.path)) {
    parts.push(folder.path, ...folder.zips.map((name) => join(folder.path, name)));
    add(await index.sample(folder));
    // A damaged archive is told of when it is read.
    for (const zip of folder.zips) add(await index.sampleFile(join(folder.path, zip)).catch(() => []));
    if (studies.size > 1) return undefined;
  }
  return parts;
}

/** The image files of a folder without those that are, by their names, label maps of others of them. */
function withoutMaps({ path, images }: FolderContents, note: (text: string) => void): string[] {
  const scans = new Set(images.map(withoutExtension));
  return images.filter((name) => {
    const suffix = OUTPUT_SUFFIXES.find((end) => name.endsWith(end) && scans.has(name.slice(0, -end.length)));
    if (suffix !== undefined) note(`${join(path, name)}: skipped: a label map, by its name`);
    return suffix === undefined;
  });
}

function caseAt(path: string): CaseFolder {
  return { name: caseName(path), folder: path };
}

/** The error for an input that is neither a folder nor a scan. */
export function refuseInput(input: string, isThere: boolean): PleuraError {
  return new PleuraError("not-found", isThere ? "neither a folder nor a scan" : "no such file or folder", {
    stage: "options",
    file: input,
    hint: "Give the folder that holds the DICOM files, or a folder of such folders",
  });
}

/** Tells of archives in a folder that pleura does not read. */
export function noteArchives({ path, archives }: FolderContents, note: (text: string) => void): void {
  if (archives.length === 0) return;
  note(`${path}: not read: ${archives.join(", ")}. Unpack archives, or pack them as .zip`);
}

/** A case that fails because of its name: Node would look for it under another one. */
export function unreadableCase(folder: string, label: string): CaseFolder {
  const error = new PleuraError("unreadable-name", "The name of this folder or file is not UTF-8", {
    stage: "read",
    file: join(folder, label),
    hint: "Rename it; convmv does so for whole archives",
  });
  return { name: safeName(label), folder: join(folder, label), refused: plainError(error) };
}

function byPlace(a: CaseFolder, b: CaseFolder): number {
  const [nameA, nameB] = [basename(a.folder), basename(b.folder)];
  return nameA < nameB ? -1 : Number(nameA > nameB);
}
