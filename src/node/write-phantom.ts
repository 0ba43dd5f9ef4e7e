import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Phantom } from "../phantom/phantom.ts";
import { phantomToDicom } from "../phantom/write-dicom.ts";
import { makeStagingFolder, publish, writeParts } from "./staging.ts";
import { writeFailed } from "./system-error.ts";

/**
 * Writes a phantom as a DICOM series, one file a slice. Files appear under their names when all
 * of them are written.
 *
 * @param phantom - from `makePhantom`
 * @param folder - made if missing; files of the same names are replaced
 * @returns names of the files, from the head down
 * @throws PleuraError `write-failed`
 */
export async function writePhantom(phantom: Phantom, folder: string): Promise<string[]> {
  const staging = await makeStagingFolder(folder);
  const names: string[] = [];
  try {
    for await (const { name, bytes } of phantomToDicom(phantom)) {
      await writeParts(join(staging, name), [bytes]);
      names.push(name);
    }
    await publish(staging, folder, names);
  } catch (cause) {
    throw writeFailed(folder, cause);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return names;
}
