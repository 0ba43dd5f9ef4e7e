import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { isZip } from "../../archives/zip-directory.ts";
import { marksOutputs, outputsAmong } from "../../case/output-files.ts";
import { isImageFile } from "../../formats/decode-image.ts";
import { shownName } from "../shown-name.ts";

/** What lies in one folder, told by names alone. Names are sorted; hidden ones are left aside. */
export interface FolderContents {
  readonly path: string;
  /** Files that may be DICOM. */
  readonly files: readonly string[];
  readonly zips: readonly string[];
  /** NIfTI, MetaImage and NRRD. */
  readonly images: readonly string[];
  readonly folders: readonly string[];
  /** Scans and folders whose names are not UTF-8, so that they cannot be opened by them: as they can be shown. */
  readonly unreadable: readonly string[];
  /** Whether a DICOMDIR makes it a medium: a CD, or a copy of one. */
  readonly medium: boolean;
  /** Whether there are programs, as on the CDs that bring a viewer along. */
  readonly programs: boolean;
  /** Whether pleura has written results here. */
  readonly results: boolean;
  /** Archives in a format that pleura does not read. */
  readonly archives: readonly string[];
}

const PROGRAM = /\.(exe|dll|msi|com|bat|cmd|jar|class|so|dylib|app|ocx|sys|drv|inf)$/i;
const ARCHIVE = /\.(tar|tgz|tbz2?|txz|7z|rar|iso|dmg|(tar\.)?(gz|bz2|xz|zst|lzma))$/i;
/** Files with these names are no DICOM and need not be opened to know it. */
const OTHER =
  /\.(txt|md|rtf|log|xml|xsl|csv|tsv|yaml|yml|ini|cfg|css|js|py|sh|pdf|docx?|xlsx?|jpe?g|png|gif|bmp|tiff?|ico|avi|mp4|mpg|raw|zraw|bval|bvec|stl|obj|lnk|url|md5|sha\d+|db)$/i;
/** What readdir puts in the place of bytes that are not UTF-8. */
const REPLACED = "\ufffd";

/**
 * Looks into a folder without its sub-folders. Links are followed.
 *
 * @throws Error of the system when the folder cannot be read
 */
export async function lookInto(path: string): Promise<FolderContents> {
  const entries = await readdir(path, { withFileTypes: true });
  const isOutput = outputsAmong(entries.map(({ name }) => name));
  const lists = {
    files: [] as string[],
    zips: [] as string[],
    images: [] as string[],
    folders: [] as string[],
    archives: [] as string[],
  };
  const results = entries.some(({ name }) => marksOutputs(name));
  let [medium, programs, replaced] = [false, false, false];
  for (const entry of entries) {
    const { name } = entry;
    if (isOutput(name) || name.startsWith(".")) continue;
    if (name.includes(REPLACED)) replaced = true;
    else {
      const kind = await kindOf(entry, path);
      if (kind === "folder") lists.folders.push(name);
      else if (kind === undefined) continue;
      else if (name.toUpperCase() === "DICOMDIR") medium = true;
      else if (isZip(name)) lists.zips.push(name);
      else if (isImageFile(name)) lists.images.push(name);
      else if (/\.(dcm|dicom|ima)(\.gz)?$/i.test(name)) lists.files.push(name);
      else if (ARCHIVE.test(name)) lists.archives.push(name);
      else if (PROGRAM.test(name)) programs = true;
      else if (!OTHER.test(name)) lists.files.push(name);
    }
  }
  for (const list of Object.values(lists)) list.sort();
  const unreadable = replaced ? await unreadableNames(path) : [];
  return { path, ...lists, unreadable, medium, programs, results };
}

/**
 * A folder and all folders below it, each entered once, in the order of their names. What cannot be read is left aside.
 *
 * @param here - what lies in the folder, where that is known
 */
export async function* foldersBelow(path: string, here?: FolderContents): AsyncGenerator<FolderContents> {
  const top = here ?? (await lookInto(path).catch(() => undefined));
  if (top === undefined) return;
  yield top;
  // Nearly all folders of an archive end here, and need no look at what their links lead to.
  if (top.folders.length > 0) yield* within(top, new Set([await realpath(path)]));
}

async function* within({ path, folders }: FolderContents, entered: Set<string>): AsyncGenerator<FolderContents> {
  for (const name of folders) {
    const folder = join(path, name);
    const real = await realpath(folder).catch(() => undefined);
    if (real === undefined || entered.has(real)) continue;
    entered.add(real);
    const here = await lookInto(folder).catch(() => undefined);
    if (here === undefined) continue;
    yield here;
    yield* within(here, entered);
  }
}

/** Whether there is nothing in a folder that could be, or hold, a scan. */
export function holdsNothing({ files, zips, images, folders, unreadable }: FolderContents): boolean {
  return [files, zips, images, folders, unreadable].every(({ length }) => length === 0);
}

async function kindOf(entry: Dirent, folder: string): Promise<"file" | "folder" | undefined> {
  const kind = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => undefined) : entry;
  if (kind?.isDirectory()) return "folder";
  return kind?.isFile() ? "file" : undefined;
}

async function unreadableNames(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, encoding: "buffer" });
  return entries
    .filter(({ name }) => !Buffer.from(name.toString("utf8")).equals(name))
    .filter((entry) => entry.isDirectory() || isZip(entry.name.toString()) || isImageFile(entry.name.toString()))
    .map(({ name }) => shownName(name))
    .sort();
}
