import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { decodeImage } from "../formats/decode-image.ts";
import type { ImageFile } from "../formats/image.ts";

/** An image file's volume, and how many bytes were read for it. */
export interface ReadImage extends ImageFile {
  /** Of the file, and of the one with the voxels where a header names one. */
  readonly bytes: number;
}

/**
 * Reads a file of NIfTI, MetaImage or NRRD, its voxels as they lie in the file.
 *
 * @param path - a file that is there
 * @param name - what messages call it; default: the last part of the path
 * @throws PleuraError as `decodeImage` does
 */
export async function readImage(path: string, name = basename(path)): Promise<ReadImage> {
  const file = readFileSync(path);
  let bytes = file.length;
  const image = await decodeImage(name, file, async (sibling) => {
    // Only a name in the same folder: a header must not reach elsewhere.
    if (/[\\/]/.test(sibling)) return undefined;
    try {
      const data = readFileSync(join(dirname(path), sibling));
      bytes += data.length;
      return data;
    } catch {
      return undefined;
    }
  });
  return { ...image, bytes };
}
