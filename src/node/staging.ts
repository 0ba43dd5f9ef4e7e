import { mkdir, mkdtemp, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { PleuraError } from "../errors.ts";

/**
 * Writes one file of several parts in one go, without joining them in memory.
 *
 * @param path - file to create
 * @param parts - bytes, in order
 * @returns number of bytes written
 */
export async function writeParts(path: string, parts: readonly Uint8Array[]): Promise<number> {
  const file = await open(path, "w");
  try {
    const size = parts.reduce((sum, part) => sum + part.byteLength, 0);
    const { bytesWritten } = await file.writev([...parts]);
    // A short write is rare (a signal, a nearly full disk); what is left goes through the plain way.
    if (bytesWritten < size) await file.appendFile(Buffer.concat(parts).subarray(bytesWritten));
    return size;
  } finally {
    await file.close();
  }
}

/**
 * Makes a hidden folder inside the output folder. What is written there is on the same file
 * system, so that a rename brings it out whole.
 *
 * @param out - output folder, made if missing
 * @throws PleuraError `write-failed`
 */
export async function makeStagingFolder(out: string): Promise<string> {
  try {
    await mkdir(out, { recursive: true });
    return await mkdtemp(join(out, ".pleura-"));
  } catch (cause) {
    throw writeFailed(out, cause);
  }
}

/** Brings files from the staging folder out under their names, in the order given. */
export async function publish(staging: string, out: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rename(join(staging, name), join(out, name));
}

/**
 * Writes a file whole or not at all.
 *
 * @param path - the file; its folder is made if missing
 * @throws PleuraError `write-failed`
 */
export async function writeWholeFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(join(path, ".."), { recursive: true });
    await writeParts(temporary, [typeof content === "string" ? Buffer.from(content) : content]);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw writeFailed(path, cause);
  }
}

/** The error for a file or folder that could not be written, with the system's own reason. */
export function writeFailed(path: string, cause: unknown): PleuraError {
  const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  return new PleuraError("write-failed", `cannot write here: ${reason}`, { stage: "write", file: path, cause });
}
