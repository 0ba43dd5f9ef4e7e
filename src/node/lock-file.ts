import { lstatSync } from "node:fs";
import { PleuraError } from "../errors.ts";
import { kindOf, readSmallFile } from "./small-file.ts";
import { hasCode } from "./system-error.ts";

/** A lock holds one line; what is longer is none. */
const MOST_BYTES = 4096;

/**
 * Reads a lock.
 *
 * @returns its text; `undefined` when it is not there any more
 * @throws PleuraError `lock-unusable` when something has its name that this process cannot read as a lock
 */
export function readLock(path: string): string | undefined {
  try {
    return readSmallFile(path, { most: MOST_BYTES, noLinks: true });
  } catch (cause) {
    // A file that another machine has removed is "stale" on NFS.
    if (hasCode(cause, "ENOENT", "ESTALE") && !isThere(path)) return undefined;
    throw unusable(path, cause);
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function unusable(path: string, cause: unknown): PleuraError {
  return new PleuraError("lock-unusable", "The lock of this case cannot be read", {
    stage: "write",
    file: path,
    measured: `${describe(path)}, ${(cause as NodeJS.ErrnoException).code ?? (cause as Error).message}`,
    limit: "a file that this user can read",
    hint: "Remove it if no other process works on this output folder",
    cause,
  });
}

function describe(path: string): string {
  try {
    const stats = lstatSync(path);
    return `${kindOf(stats)} of user ${stats.uid} with mode ${(stats.mode & 0o7777).toString(8)}`;
  } catch {
    return "something that cannot be looked at";
  }
}
