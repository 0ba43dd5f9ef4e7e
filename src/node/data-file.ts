import { closeSync, readSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { detachedData, TEXT_HEADER_BYTES } from "../formats/header-fields.ts";
import { openRegular } from "./file-source.ts";

/**
 * Finds the file that holds the voxels of a `.mhd` or `.nhdr`. A header may name a file of its own
 * folder only, and a link in that folder must not lead out of it: the real file lies beside the header,
 * or beside the real header where that is a link too, under the name that the header states.
 *
 * @param header - path of the image file
 * @returns `undefined` when the image holds its voxels itself, or its header names no such file
 */
export function dataFileOf(header: string): { readonly path: string; readonly name: string } | undefined {
  if (!/\.(mhd|mha|nrrd|nhdr)$/i.test(header)) return undefined;
  const stated = detachedData(basename(header), readHead(header));
  return stated === undefined ? undefined : siblingOf(header, stated);
}

/**
 * A file beside an image, by the name that the image's header states.
 *
 * @returns `undefined` when it is not there, or lies elsewhere
 */
export function siblingOf(
  header: string,
  stated: string,
): { readonly path: string; readonly name: string } | undefined {
  const name = stated.replace(/^\.\//, "");
  if (name === "" || /[\\/]/.test(name)) return undefined;
  const path = join(dirname(header), name);
  try {
    const real = realpathSync(path);
    const beside = dirname(real) === realpathSync(dirname(header));
    return beside || real === join(dirname(realpathSync(header)), name) ? { path, name } : undefined;
  } catch {
    return undefined;
  }
}

function readHead(path: string): Uint8Array {
  const head = new Uint8Array(TEXT_HEADER_BYTES);
  let file: number | undefined;
  try {
    file = openRegular(path);
    return head.subarray(0, readSync(file, head, 0, head.length, 0));
  } catch {
    // Reading it says what is wrong.
    return new Uint8Array(0);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
