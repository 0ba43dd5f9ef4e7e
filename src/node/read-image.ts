import { statSync } from "node:fs";
import { basename } from "node:path";
import type { ByteSource } from "../byte-source.ts";
import { decodeImage } from "../formats/decode-image.ts";
import type { ImageFile, ImageOptions } from "../formats/image.ts";
import { siblingOf } from "./data-file.ts";
import { fileSource } from "./file-source.ts";
import { unpackAside } from "./inflate-aside.ts";

/** An image file's volume, and how many bytes were read for it. */
export interface ReadImage extends ImageFile {
  /** Of the file, and of the one with the voxels where a header names one. */
  readonly bytes: number;
}

/**
 * Reads a file of NIfTI, MetaImage or NRRD, its voxels as they lie in the file.
 *
 * @param path - a file that is there
 * @param options - `name`: what messages call it; default: the last part of the path
 * @throws PleuraError `read-failed`, and as `decodeImage` does
 */
export async function readImage(
  path: string,
  { name = basename(path), ...options }: ImageOptions & { readonly name?: string } = {},
): Promise<ReadImage> {
  let bytes = 0;
  const open = (file: string, called: string): ByteSource => {
    const { size } = statSync(file);
    bytes += size;
    return fileSource(file, called, size);
  };
  const sibling = (stated: string) => {
    const found = siblingOf(path, stated);
    return found && open(found.path, found.name);
  };
  const image = await decodeImage(open(path, name), sibling, { unpack: unpackAside, ...options });
  return { ...image, bytes };
}
