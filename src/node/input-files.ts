import { createHash } from "node:crypto";
import { type BigIntStats, type Dirent, lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { isZip } from "../archives/zip-directory.ts";
import { digestText } from "../case/digest-text.ts";
import { outputsAmong } from "../case/output-files.ts";
import { PleuraError } from "../errors.ts";
import { isImageFile } from "../formats/decode-image.ts";
import { type CaseInput, toInput } from "./cases/case-input.ts";
import { dataFileOf } from "./data-file.ts";
import { shownName } from "./shown-name.ts";
import { readFailed } from "./system-error.ts";

/** Why something in a folder is not read. */
export type InputProblem =
  | "a dangling link"
  | "not a regular file"
  | "a folder that cannot be opened"
  | "a file that cannot be looked at";

/** One file of an input. */
export interface InputFile {
  /** Its bytes as the system has them where they are not UTF-8. */
  readonly path: string | Buffer;
  /** Path relative to the input, with `/` between folders; a byte that is not UTF-8 is written `\xff`. */
  readonly name: string;
  /** Bytes; 0 of what is not read. */
  readonly size: number;
  /** Time of the last change, whole milliseconds since 1970. */
  readonly modified: number;
  /** Why it is not read, if it is not. */
  readonly problem?: InputProblem;
  /** Of an instance in an archive, the address of its series; `path` is then its own address. */
  readonly series?: string;
}

/**
 * Lists the files of an input and of all its sub-folders, in the order of their names. Links are
 * followed, and each folder is entered once. What cannot be read is listed with the reason. The file that
 * holds the voxels of a `.mhd` or `.nhdr` is listed with it. What pleura has written is no input, wherever it lies.
 *
 * @param input - a folder, a single file, or the parts of a case; which of their images are read is not looked at
 * @throws PleuraError `not-found` when there is no such file or folder, `read-failed` when it cannot be
 * read or is neither
 */
export function listInputFiles(input: string | CaseInput): InputFile[] {
  const { folder, parts } = toInput(input);
  const files: InputFile[] = [];
  if (parts === undefined) listPath(folder, "", true, files);
  else for (const part of parts) listPath(part, relative(folder, part).split(sep).join("/"), false, files);
  return files.sort(byName);
}

/** @param name - the path as it stands in the files' names; empty for the input itself */
function listPath(path: string, name: string, subfolders: boolean, files: InputFile[]): void {
  const top = tryStat(path);
  if (top === undefined) {
    throw new PleuraError("not-found", "There is no such file or folder", { stage: "read", file: path });
  }
  if (!top.isDirectory()) listFile(path, name || path.split(/[\\/]/).at(-1)!, top, files);
  else walk(path, name === "" ? "" : `${name}/`, subfolders, new Set(), files);
}

/**
 * The digest that tells whether an input has changed since a result was made of it: SHA-256, in
 * hexadecimal, over a line of name, size and time of change for each file, in the order of their
 * names. No file is opened but a `.mhd` or `.nhdr`, which says where its voxels are.
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

function listFile(path: string, name: string, stats: BigIntStats, files: InputFile[]): void {
  if (!stats.isFile()) {
    throw new PleuraError("read-failed", "This is neither a folder nor a regular file", {
      stage: "read",
      file: path,
      hint: "Give the file itself, no pipe and no device",
    });
  }
  files.push(inputFile(path, name, stats));
  const data = dataFileOf(path);
  const dataStats = data && tryStat(data.path);
  if (data && dataStats?.isFile())
    files.push(inputFile(data.path, posix.join(posix.dirname(name), data.name), dataStats));
}

function byName(a: InputFile, b: InputFile): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}

type Path = string | Buffer;

function walk(folder: Path, prefix: string, subfolders: boolean, entered: Set<string>, files: InputFile[]): void {
  let entries: Entry[];
  try {
    const real = realpathSync(folder, "latin1");
    if (entered.has(real)) return;
    entered.add(real);
    entries = entriesOf(folder);
  } catch (cause) {
    // Of the input itself; what lies deeper is a problem of one folder.
    if (entered.size <= 1) {
      throw readFailed(String(folder), cause);
    }
    files.push(problem(folder, prefix.slice(0, -1), "a folder that cannot be opened"));
    return;
  }
  const isOutput = outputsAmong(entries.map(({ name }) => name));
  for (const { entry, path, name } of entries) {
    if (isOutput(name) || (!subfolders && isOwnCase(name))) continue;
    const stats = statsOf(entry, path);
    if (stats === "folder") {
      if (subfolders) walk(path, `${prefix}${name}/`, true, entered, files);
    } else if (typeof stats === "string") files.push(problem(path, prefix + name, stats));
    else files.push(inputFile(path, prefix + name, stats));
  }
}

/** Whether a file beside a folder's DICOM files is a case, or a part, by itself. */
function isOwnCase(name: string): boolean {
  return isZip(name) || isImageFile(name);
}

interface Entry {
  readonly entry: Dirent | Dirent<Buffer>;
  readonly path: Path;
  readonly name: string;
}

function entriesOf(folder: Path): Entry[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  // A byte that is not UTF-8 has become this, and the file would not be found by its name.
  if (typeof folder === "string" && !entries.some(({ name }) => name.includes("\ufffd"))) {
    return entries.map((entry) => ({ entry, path: join(folder, entry.name), name: entry.name }));
  }
  const raw = readdirSync(folder, { withFileTypes: true, encoding: "buffer" });
  return raw.map((entry) => ({
    entry,
    path: Buffer.concat([Buffer.from(folder), Buffer.from("/"), entry.name]),
    name: shownName(entry.name),
  }));
}

function statsOf(entry: Dirent | Dirent<Buffer>, path: Path): BigIntStats | "folder" | InputProblem {
  if (entry.isDirectory()) return "folder";
  const stats = tryStat(path);
  if (stats === undefined) return entry.isSymbolicLink() ? "a dangling link" : "a file that cannot be looked at";
  if (stats.isDirectory()) return "folder";
  return stats.isFile() ? stats : "not a regular file";
}

function tryStat(path: Path): BigIntStats | undefined {
  try {
    // Whole numbers: a double of milliseconds is rounded up now and then, and browsers do not round.
    return statSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

function inputFile(path: Path, name: string, stats: BigIntStats): InputFile {
  return { path, name, size: Number(stats.size), modified: Number(stats.mtimeMs) };
}

function problem(path: Path, name: string, what: InputProblem): InputFile {
  let modified = 0;
  try {
    modified = Number(lstatSync(path, { bigint: true }).mtimeMs);
  } catch {
    // It has gone meanwhile.
  }
  return { path, name, size: 0, modified, problem: what };
}
