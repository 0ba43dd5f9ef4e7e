import { isNIFTI, readHeader } from "nifti-reader-js";
import { type Affine, affineFromSteps, type Point } from "../volume/affine.ts";
import { bytesOf, type ElementType, type ImageFile, readElements, toHounsfield } from "./image.ts";
import { badImage, checkedCount, truncatedImage } from "./image-error.ts";
import { inflateHead, inflateTo } from "./inflate.ts";

/** datatype of nifti1.h. */
const TYPES: Readonly<Record<number, ElementType>> = {
  2: "uint8",
  4: "int16",
  8: "int32",
  16: "float32",
  64: "float64",
  256: "int8",
  512: "uint16",
  768: "uint32",
};
/** Enough for the header of either version. */
const HEADER_BYTES = 1024;
/** Millimetres of the spatial units that xyzt_units names; 0 is unknown and taken for mm. */
const UNITS: Readonly<Record<number, number>> = { 0: 1, 1: 1000, 2: 1, 3: 1e-3 };

/**
 * Reads a NIfTI-1 or NIfTI-2 image, `.nii` or `.nii.gz`, of either byte order.
 *
 * The affine is the sform where its code is at least the qform's, else the qform. NIfTI counts to
 * the right and to the front (RAS); the affine given is in LPS.
 *
 * @param file - name, for messages
 * @param maxBytes - see `checkVolumeBytes`
 * @throws PleuraError `unsupported-pixels` when this is no NIfTI or asks for what cannot be read,
 * `truncated`, `too-large`
 */
export function decodeNifti(file: string, bytes: Uint8Array, maxBytes?: number): ImageFile {
  const gzipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const head = gzipped ? inflateHead(file, bytes, HEADER_BYTES) : bytes.subarray(0, HEADER_BYTES);
  const memory = new Uint8Array(head).buffer;
  if (!isNIFTI(memory)) throw badImage(file, "This is no NIfTI image");
  const header = readHeader(memory);
  const type = TYPES[header.datatypeCode];
  if (type === undefined) throw badImage(file, "This element type cannot be read", `datatype ${header.datatypeCode}`);
  const rank = header.dims[0]!;
  if (header.dims.slice(4, rank + 1).some((n) => n > 1)) {
    throw badImage(
      file,
      "An image of more than three axes cannot be read",
      `${header.dims.slice(1, rank + 1).join(" × ")}`,
    );
  }
  const sizes = header.dims.slice(1, 4).map(Number);
  const count = checkedCount(file, sizes, type, bytes.length, gzipped, maxBytes);
  const [nx, ny, nz] = sizes as [number, number, number];
  const start = Number(header.vox_offset);
  const end = start + count * bytesOf(type);
  if (!gzipped && bytes.length < end) throw truncatedImage(file, bytes.length - start, end - start);
  const raw = (gzipped ? inflateTo(file, bytes, end) : bytes).subarray(start, end);
  const slope = header.scl_slope !== 0 && Number.isFinite(header.scl_slope) ? header.scl_slope : 1;
  const intercept = Number.isFinite(header.scl_inter) && header.scl_slope !== 0 ? header.scl_inter : 0;
  const { voxels, held } = toHounsfield(readElements(raw, type, count, !header.littleEndian), slope, intercept);

  const unit = UNITS[header.xyzt_units & 7] ?? 1;
  const affine = toLps(header.affine, unit);
  const length = (axis: number): number => Math.hypot(affine[axis]!, affine[4 + axis]!, affine[8 + axis]!);
  if (![0, 1, 2].every((axis) => length(axis) > 0 && Number.isFinite(length(axis)))) {
    throw badImage(file, "The affine does not span space", affine.join(" "));
  }
  return {
    volume: { voxels, shape: [nz, ny, nx], spacing: [length(0), length(1), length(2)], affine },
    oriented: header.sform_code > 0 || header.qform_code > 0,
    held,
  };
}

/** The matrix of RAS and (x, y, z) as one of LPS and [z, y, x]. */
function toLps(rows: readonly (readonly number[])[], unit: number): Affine {
  const column = (i: number): Point => [-rows[0]![i]! * unit + 0, -rows[1]![i]! * unit + 0, rows[2]![i]! * unit];
  return affineFromSteps(column(3), column(2), column(1), column(0));
}
