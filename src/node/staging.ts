import { mkdir, mkdtemp, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { temporaryName } from "./owner.ts";
import { writeFailed } from "./system-error.ts";

/**
 * Writes one file of several parts in one go, without joining them in memory.
 *
 * @param path - file to create
 * @param parts - bytes, in order
 * @param durable - wait until the bytes are on the disk. Default false
 * @returns number of bytes written
 */
export async function writeParts(path: string, parts: readonly Uint8Array[], durable = false): Promise<number> {
  const file = await open(path, "w");
  try {
    const size = parts.reduce((sum, part) => sum + part.byteLength, 0);
    const { bytesWritten } = await file.writev([...parts]);
    // A short write is rare (a signal, a nearly full disk); what is left goes through the plain way.
    if (bytesWritten < size) await file.appendFile(Buffer.concat(parts).subarray(bytesWritten));
    // A power cut after the rename must not leave a file of the right size without its bytes.
    if (durable) await file.datasync();
    return size;
  } finally {
    await file.close();
  }
}

/**
 * Makes a hidden folder inside the output folder. What is written there is on the same file
 * system, so that a rename brings it out whole. Its name says whose it is, see `sweep`.
 *
 * @param out - output folder, made if missing
 * @throws PleuraError `write-failed`
 */
export async function makeStagingFolder(out: string): Promise<string> {
  try {
    await mkdir(out, { recursive: true });
    return await mkdtemp(join(out, temporaryName()));
  } catch (cause) {
    throw writeFailed(out, cause);
  }
}

/**
 * Brings files from the staging folder out under their names, in the order given.
 *
 * @throws PleuraError `write-failed`
 */
export async function publish(staging: string, out: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await rename(join(staging, name), join(out, name)).catch((cause) => {
      throw writeFailed(join(out, name), cause);
    });
  }
}

/**
 * Writes a file whole or not at all.
 *
 * @param path - the file; its folder is made if missing
 * @param content - all of it, or one piece after the other
 * @throws PleuraError `write-failed`
 */
export async function writeWholeFile(
  path: string,
  content: string | Uint8Array | AsyncIterable<string | Uint8Array>,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, temporaryName());
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw writeFailed(path, cause);
  }
}
