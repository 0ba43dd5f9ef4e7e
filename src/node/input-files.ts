import { createHash } from "node:crypto";
import { type BigIntStats, type Dirent, readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { digestText } from "../case/digest-text.ts";
import { PleuraError } from "../errors.ts";

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
 * followed, each folder is entered once, and what cannot be looked at is left aside.
 *
 * @param input - a folder, or a single file
 * @throws PleuraError `not-found` when there is no such file or folder
 */
export function listInputFiles(input: string): InputFile[] {
  const top = tryStat(input);
  if (top === undefined) {
    throw new PleuraError("not-found", "There is no such file or folder", { stage: "read", file: input });
  }
  if (top.isFile()) return [inputFile(input, input.split(/[\\/]/).at(-1)!, top)];
  const files: InputFile[] = [];
  walk(input, "", new Set(), files);
  return files.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/**
 * The digest that tells whether an input has changed since a result was made of it: SHA-256, in
 * hexadecimal, over a line of name, size and time of change for each file, in the order of their
 * names. No file is opened.
 *
 * @throws PleuraError `not-found` when there is no such file or folder
 */
export function inputDigest(input: string): string {
  return digestOf(listInputFiles(input));
}

/** The digest of files that are already listed. */
export function digestOf(files: readonly InputFile[]): string {
  return createHash("sha256").update(digestText(files)).digest("hex");
}

function walk(folder: string, prefix: string, entered: Set<string>, files: InputFile[]): void {
  const real = realpathSync(folder);
  if (entered.has(real)) return;
  entered.add(real);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const name = prefix + entry.name;
    const stats = statsOf(entry, path);
    if (stats === "folder") walk(path, `${name}/`, entered, files);
    else if (stats !== undefined) files.push(inputFile(path, name, stats));
  }
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
