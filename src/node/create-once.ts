import { constants, copyFileSync, linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ownerLabel, SELF } from "./owner.ts";
import { hasCode } from "./system-error.ts";

/** What file systems without hard links answer: exFAT, some network and FUSE file systems. */
const NO_LINKS = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EACCES", "EMLINK"] as const;

/**
 * Creates a file with its whole content, unless there is one. Where the file system has no hard links, another process
 * may see the file for a moment before its content is there.
 *
 * @param path - its folder is made if missing
 * @returns false when there is a file of this name
 */
export function createOnce(path: string, text: string): boolean {
  const folder = dirname(path);
  const temporary = join(folder, `.pleura-${ownerLabel(SELF)}~${basename(path)}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(temporary, text);
  try {
    linkOnce(temporary, path);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * Gives a file a second name, or copies it where the file system has no hard links.
 *
 * @throws the system's error, `EEXIST` when there is a file of that name
 */
export function linkOnce(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!hasCode(error, ...NO_LINKS)) throw error;
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}
