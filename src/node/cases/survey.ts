import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { isImageFile } from "../../formats/decode-image.ts";
import type { CaseFolder } from "./case-input.ts";
import { type FolderContents, foldersBelow, holdsNothing, lookInto } from "./folder-contents.ts";
import type { HeaderIndex } from "./header-index.ts";
import type { ImageGroup } from "./image-group.ts";
import { firstDicom } from "./scan-file.ts";

/** CT images of one folder, archive or file. */
export interface Sighting {
  /** The folder, archive or file. */
  readonly path: string;
  readonly group: ImageGroup;
}

/** What few headers of a case show. */
export interface Survey {
  readonly sightings: readonly Sighting[];
  /** Whether there is no scan but programs, as where a CD keeps its viewer. */
  readonly viewer: boolean;
  /** Whether nothing is there but what pleura has written. */
  readonly results: boolean;
}

/**
 * Looks at few headers of a case: the first and the last of each folder, the first of each archive.
 * What cannot be read is left for the case's turn, when it is told what is wrong.
 *
 * @param out - the run's output folder, as `realpath` gives it
 */
export async function surveyCase(one: CaseFolder, index: HeaderIndex, out?: string): Promise<Survey> {
  const sightings: Sighting[] = [];
  const see = (path: string, groups: readonly ImageGroup[]): void => {
    for (const group of groups) sightings.push({ path, group });
  };
  const seeFile = async (path: string): Promise<void> => see(path, await index.sampleFile(path).catch(() => []));
  const found: FolderContents[] = [];
  let isFile = false;
  for (const path of one.parts ?? [one.folder]) {
    const here = await lookInto(path).catch(() => undefined);
    if (here === undefined) {
      isFile = true;
      if (!isImageFile(path)) await seeFile(path);
      continue;
    }
    for await (const folder of one.parts === undefined ? foldersBelow(path, here) : [here]) {
      found.push(folder);
      see(folder.path, await index.sample(folder));
      if (one.parts !== undefined) continue;
      for (const zip of folder.zips) await seeFile(join(folder.path, zip));
    }
  }
  const isEmpty = !isFile && sightings.length === 0;
  return {
    sightings,
    viewer: isEmpty && found.some(({ programs }) => programs) && !(await holdsScans(found)),
    results: isEmpty && found.length > 0 && (await areResults(found, out)),
  };
}

async function holdsScans(folders: readonly FolderContents[]): Promise<boolean> {
  for (const { path, files, zips, images } of folders) {
    if (zips.length + images.length > 0 || (await firstDicom(path, files)) !== undefined) return true;
  }
  return false;
}

async function areResults(folders: readonly FolderContents[], out: string | undefined): Promise<boolean> {
  if (!folders.every((folder) => holdsNothing({ ...folder, folders: [] }))) return false;
  for (const { path, results } of folders) {
    if (results || (await realpath(path).catch(() => path)) === out) return true;
  }
  return false;
}
