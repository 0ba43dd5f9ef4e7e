import { createHash } from "node:crypto";
import { type BigIntStats, type Dirent, readdirSync, realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { digestText } from "../case/digest-text.ts";
import { outputsAmong } from "../case/output-files.ts";
import { isZip } from "../dicom/zip-directory.ts";
import { PleuraError } from "../errors.ts";
import { isImageFile } from "../formats/decode-image.ts";
import { type CaseInput, toInput } from "./cases/case-input.ts";

/** One file of an input. */
export interface InputFile {
  readonly path: string;
  /** Path relative to the input, with `/` between folders. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Time of the last change, whole milliseconds since 1970. */
  readonly modified: number;
}

/**
 * Lists the files of an input and of all its sub-folders, in the order of their names. Links are
 * followed, each folder is entered once, and what cannot be looked at is left aside. What pleura has written
 * is no input, wherever it lies.
 *
 * @param input - a folder, a single file, or the parts of a case; which of their images are read is not looked at
 * @throws PleuraError `not-found` when there is no such file or folder
 */
export function listInputFiles(input: string | CaseInput): InputFile[] {
  const { folder, parts } = toInput(input);
  const files: InputFile[] = [];
  if (parts === undefined) listPath(folder, "", true, files);
  else for (const part of parts) listPath(part, relative(folder, part).split(sep).join("/"), false, files);
  return files.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** @param name - the path as it stands in the files' names; empty for the input itself */
function listPath(path: string, name: string, subfolders: boolean, files: InputFile[]): void {
  const top = tryStat(path);
  if (top === undefined) {
    throw new PleuraError("not-found", "There is no such file or folder", { stage: "read", file: path });
  }
  if (top.isFile()) files.push(inputFile(path, name || path.split(/[\\/]/).at(-1)!, top));
  else walk(path, name === "" ? "" : `${name}/`, subfolders, new Set(), files);
}

/**
 * The digest that tells whether an input has changed since a result was made of it: SHA-256, in
 * hexadecimal, over a line of name, size and time of change for each file, in the order of their
 * names. No file is opened.
 *
 * @throws PleuraError `not-found` when there is no such file or folder
 */
export function inputDigest(input: string | CaseInput): string {
  return digestOf(listInputFiles(input));
}

/** The digest of files that are already listed. */
export function digestOf(files: readonly InputFile[]): string {
  return createHash("sha256").update(digestText(files)).digest("hex");
}

function walk(folder: string, prefix: string, subfolders: boolean, entered: Set<string>, files: InputFile[]): void {
  const real = realpathSync(folder);
  if (entered.has(real)) return;
  entered.add(real);
  const entries = readdirSync(folder, { withFileTypes: true });
  const isOutput = outputsAmong(entries.map((entry) => entry.name));
  for (const entry of entries) {
    if (isOutput(entry.name) || (!subfolders && isOwnCase(entry.name))) continue;
    const path = join(folder, entry.name);
    const name = prefix + entry.name;
    const stats = statsOf(entry, path);
    if (stats === "folder") {
      if (subfolders) walk(path, `${name}/`, true, entered, files);
    } else if (stats !== undefined) files.push(inputFile(path, name, stats));
  }
}

/** Whether a file beside a folder's DICOM files is a case, or a part, by itself. */
function isOwnCase(name: string): boolean {
  return isZip(name) || isImageFile(name);
}

function statsOf(entry: Dirent, path: string): BigIntStats | "folder" | undefined {
  if (entry.isDirectory()) return "folder";
  if (!entry.isFile() && !entry.isSymbolicLink()) return undefined;
  const stats = tryStat(path);
  if (stats?.isDirectory()) return "folder";
  return stats?.isFile() ? stats : undefined;
}

function tryStat(path: string): BigIntStats | undefined {
  try {
    // Whole numbers: a double of milliseconds is rounded up now and then, and browsers do not round.
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

function inputFile(path: string, name: string, stats: BigIntStats): InputFile {
  return { path, name, size: Number(stats.size), modified: Number(stats.mtimeMs) };
}
