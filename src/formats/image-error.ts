import { type ErrorDetails, PleuraError } from "../errors.ts";
import { checkVolumeBytes } from "../volume/volume-bytes.ts";
import { bytesOf, type ElementType } from "./image.ts";

/** Axes whose lengths a message repeats. */
const MOST_AXES = 16;
/** Deflate gives at most this many bytes for one. */
const DEFLATE_LIMIT = 1032;

/**
 * An image file whose header makes no sense or asks for what cannot be read.
 *
 * @param found - numbers are `measured`; text of the header, whatever it should be, is a `quote`
 */
export function badImage(
  file: string,
  what: string,
  found: Pick<ErrorDetails, "measured" | "quote" | "limit"> = {},
): PleuraError {
  return new PleuraError("unsupported-pixels", what, { stage: "read", file, ...found });
}

/** An image file with fewer bytes than its header asks for. */
export function truncatedImage(file: string, found: number, needed: number): PleuraError {
  return new PleuraError("truncated", "The image's voxels end too early", {
    stage: "read",
    file,
    measured: `${found} bytes`,
    limit: `${needed} bytes`,
  });
}

/**
 * Checks the size that a header states against the bytes that are there, before memory is taken.
 *
 * @param sizes - lengths of the axes
 * @param compressed - whether the bytes are a deflate stream
 * @param maxBytes - of the volume in Hounsfield units
 * @returns number of voxels
 */
export function checkedCount(
  file: string,
  sizes: readonly number[],
  type: ElementType,
  there: number,
  compressed: boolean,
  maxBytes?: number,
): number {
  if (sizes.length !== 3 || !sizes.every((n) => Number.isInteger(n) && n > 0)) {
    throw badImage(file, "This is no image of three axes", {
      measured: `${sizes.slice(0, MOST_AXES).join(" × ")} voxels`,
      limit: "three axes",
    });
  }
  const count = sizes.reduce((product, n) => product * n, 1);
  const needed = count * bytesOf(type);
  const most = compressed ? there * DEFLATE_LIMIT : there;
  if (most < needed) throw truncatedImage(file, most, needed);
  checkVolumeBytes([sizes[2]!, sizes[1]!, sizes[0]!], maxBytes, file);
  return count;
}
