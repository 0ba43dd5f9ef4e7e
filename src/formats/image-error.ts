import { counted } from "../counted.ts";
import { type ErrorDetails, PleuraError } from "../errors.ts";
import { ChecksumError } from "../inflate.ts";
import { checkVolumeBytes } from "../volume/volume-bytes.ts";
import { bytesOf, type ElementType } from "./image.ts";

/** Axes whose lengths a message repeats. */
const MOST_AXES = 16;
/** Deflate gives at most this many bytes for one. */
const DEFLATE_LIMIT = 1032;
const COPY_AGAIN = "Copy the file again from where it came from";

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

/** An image file whose voxels' own file is not there. */
export function missingData(file: string, where: string): PleuraError {
  const limit = "a file in the same folder";
  return badImage(
    file,
    "The file that holds the voxels is missing",
    where === "" ? { limit } : { quote: where, limit },
  );
}

/** An image file with fewer bytes than its header asks for. */
export function truncatedImage(file: string, found: number, needed: number): PleuraError {
  return new PleuraError("truncated", "The image's voxels end too early", {
    stage: "read",
    file,
    measured: counted(Math.max(0, found), "byte"),
    limit: counted(needed, "byte"),
    hint: COPY_AGAIN,
  });
}

/** An image file with more bytes than its header asks for: one of the two is wrong. */
export function surplusImage(file: string, found: number, needed: number): PleuraError {
  return new PleuraError("unsupported-pixels", "There are more bytes than the header has voxels for", {
    stage: "read",
    file,
    measured: `${counted(found, "byte")} or more`,
    limit: counted(needed, "byte"),
    hint: "The header's sizes or element type may be wrong: compare them with the image's source",
  });
}

/** What is wrong with a compressed stream that could not be read to its end. */
export function damagedImage(file: string, cause: unknown): unknown {
  if (cause instanceof PleuraError) return cause;
  if (cause instanceof ChecksumError) {
    return new PleuraError("checksum-mismatch", "The image was changed or damaged: its checksum does not match", {
      stage: "read",
      file,
      ...cause.figures,
      hint: COPY_AGAIN,
      cause,
    });
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PleuraError("truncated", `The compressed voxels are damaged: ${why}`, {
    stage: "read",
    file,
    hint: COPY_AGAIN,
    cause,
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
