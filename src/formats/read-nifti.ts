import { isNIFTI, readHeader } from "nifti-reader-js";
import type { ByteSource } from "../byte-source.ts";
import { type Affine, affineFromSteps, indexToPatient, type Point } from "../volume/affine.ts";
import {
  bytesOf,
  type ElementType,
  type GridConflict,
  type ImageFile,
  type ImageOptions,
  spacingConflict,
} from "./image.ts";
import { badImage } from "./image-error.ts";
import { isGzip, readHead, unpackHead } from "./read-head.ts";
import { readVoxels } from "./read-voxels.ts";

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
/** sizeof_hdr of NIfTI-1. */
const FIRST_VERSION_BYTES = 348;
/** Millimetres of the spatial units that xyzt_units names; 0 is unknown and taken for mm. */
const UNITS: Readonly<Record<number, number>> = { 0: 1, 1: 1000, 2: 1, 3: 1e-3 };

/**
 * Reads a NIfTI-1 or NIfTI-2 image, `.nii` or `.nii.gz`, of either byte order.
 *
 * The affine is the sform where its code is at least the qform's, else the qform. NIfTI counts to
 * the right and to the front (RAS); the affine given is in LPS.
 *
 * @param source - the file
 * @throws PleuraError `unsupported-pixels` when this is no NIfTI, asks for what cannot be read, or does not
 * fit the voxels, `truncated`, `checksum-mismatch`, `too-large`
 */
export async function decodeNifti(source: ByteSource, options: ImageOptions = {}): Promise<ImageFile> {
  const file = source.name;
  const isPacked = isGzip(await readHead(source, 2));
  const head = isPacked ? await unpackHead(source, HEADER_BYTES) : await readHead(source, HEADER_BYTES);
  const header = parse(file, head);
  const type = TYPES[header.datatypeCode];
  if (type === undefined)
    throw badImage(file, "This element type cannot be read", { measured: `datatype ${header.datatypeCode}` });
  if (header.numBitsPerVoxel !== 8 * bytesOf(type)) {
    throw badImage(file, "The element type and its size contradict each other", {
      measured: `datatype ${header.datatypeCode}, bitpix ${header.numBitsPerVoxel}`,
      limit: `${8 * bytesOf(type)} bits`,
    });
  }
  const rank = header.dims[0]!;
  if (!(rank >= 3 && rank <= 7) || header.dims.slice(4, rank + 1).some((n) => n > 1)) {
    throw badImage(file, "An image of other than three axes cannot be read", {
      measured: `dim[0] = ${rank}: ${header.dims.slice(1, Math.max(rank, 1) + 1).join(" × ")}`,
    });
  }
  const sizes = header.dims.slice(1, 4).map(Number);
  const start = voxelOffset(file, Number(header.vox_offset), head[344] === 0x6e ? 1 : 2);
  const slope = header.scl_slope !== 0 && Number.isFinite(header.scl_slope) ? header.scl_slope : 1;
  const intercept = Number.isFinite(header.scl_inter) && header.scl_slope !== 0 ? header.scl_inter : 0;

  const unit = UNITS[header.xyzt_units & 7] ?? 1;
  const { rows, other } = placements(header, head);
  const affine = toLps(rows, unit);
  const length = (axis: number): number => Math.hypot(affine[axis]!, affine[4 + axis]!, affine[8 + axis]!);
  if (!affine.every(Number.isFinite) || ![0, 1, 2].every((axis) => length(axis) > 0)) {
    throw badImage(file, "The affine does not span space", { measured: affine.join(" ") });
  }
  const spacing = [length(2), length(1), length(0)];
  const stated = header.pixDims.slice(1, 4).map((mm) => Math.abs(mm) * unit);
  const conflict =
    spacingConflict(spacing, stated, { taken: "the affine", other: "pixdim" }) ??
    (other && placeConflict(affine, toLps(other, unit), sizes));
  const place = isPacked ? ({ at: 0, format: "gzip", skip: start } as const) : { at: start };
  const stored = { file, data: source, ...place, sizes, type, bigEndian: !header.littleEndian, slope, intercept };
  const { voxels, held } = await readVoxels(stored, options);
  const [nx, ny, nz] = sizes as [number, number, number];
  return {
    volume: { voxels, shape: [nz, ny, nx], spacing: [spacing[2]!, spacing[1]!, spacing[0]!], affine },
    oriented: header.sform_code > 0 || header.qform_code > 0,
    ...(conflict && { conflict }),
    held,
  };
}

type Header = ReturnType<typeof readHeader>;
type Rows = readonly (readonly number[])[];

/**
 * The matrix that says where the voxels lie, and the other one where a header has two: the sform where its code is
 * at least the qform's, else the qform, else the spacing alone. The library does so for NIfTI-1 only.
 *
 * @param head - the header's bytes
 */
function placements(header: Header, head: Uint8Array): { readonly rows: Rows; readonly other: Rows | undefined } {
  const { sform_code, qform_code, pixDims, quatern_b, quatern_c, quatern_d } = header;
  const [qfac, dx, dy, dz] = pixDims as [number, number, number, number];
  const { qoffset_x, qoffset_y, qoffset_z } = header;
  const turn = [quatern_b, quatern_c, quatern_d, qoffset_x, qoffset_y, qoffset_z, dx, dy, dz] as const;
  const qform = header.convertNiftiQFormToNiftiSForm(...turn, qfac < 0 ? -1 : 1);
  if (sform_code > 0 && sform_code >= qform_code) {
    return { rows: sformRows(header, head), other: qform_code > 0 ? qform : undefined };
  }
  if (qform_code > 0) return { rows: qform, other: sform_code > 0 ? sformRows(header, head) : undefined };
  const upright = [
    [dx, 0, 0, 0],
    [0, dy, 0, 0],
    [0, 0, dz, 0],
  ];
  return { rows: upright, other: undefined };
}

/** srow_x, srow_y and srow_z: single precision in NIfTI-1, double in NIfTI-2. */
function sformRows({ littleEndian }: Header, head: Uint8Array): Rows {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const isFirst = view.getInt32(0, littleEndian) === FIRST_VERSION_BYTES;
  const value = (i: number) =>
    isFirst ? view.getFloat32(280 + 4 * i, littleEndian) : view.getFloat64(400 + 8 * i, littleEndian);
  return [0, 4, 8].map((row) => [0, 1, 2, 3].map((column) => value(row + column)));
}

/** Whether two matrices place any corner of the volume more than half a voxel apart. */
function placeConflict(taken: Affine, other: Affine, sizes: readonly number[]): GridConflict | undefined {
  const [nx, ny, nz] = sizes.map((n) => n - 1) as [number, number, number];
  let apart = 0;
  for (const z of [0, nz]) {
    for (const y of [0, ny]) {
      for (const x of [0, nx]) {
        const [a, b] = [indexToPatient(taken, [z, y, x]), indexToPatient(other, [z, y, x])];
        apart = Math.max(apart, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
      }
    }
  }
  const voxel = Math.min(...[0, 1, 2].map((axis) => Math.hypot(taken[axis]!, taken[4 + axis]!, taken[8 + axis]!)));
  // NaN is apart too.
  if (apart <= voxel / 2) return undefined;
  return { taken: `corners ${apart.toFixed(1)} mm apart by sform and qform`, other: `${(voxel / 2).toFixed(1)} mm` };
}

function parse(file: string, head: Uint8Array): ReturnType<typeof readHeader> {
  const memory = new Uint8Array(head).buffer;
  try {
    if (isNIFTI(memory)) return readHeader(memory);
  } catch {
    // It has the magic word, but not the rest of a header.
  }
  throw badImage(file, "This is no NIfTI image");
}

/** Where the voxels of a single file begin. */
function voxelOffset(file: string, stated: number, version: 1 | 2): number {
  // Header and the flag of its extensions. Some writers leave 0, which stands for this.
  const least = version === 1 ? 352 : 544;
  if (Number.isInteger(stated) && stated >= 0) return Math.max(stated, least);
  throw badImage(file, "The header does not say where the voxels begin", {
    measured: `vox_offset ${stated}`,
    limit: `${least} or more`,
  });
}

/** The matrix of RAS and (x, y, z) as one of LPS and [z, y, x]. */
function toLps(rows: readonly (readonly number[])[], unit: number): Affine {
  const column = (i: number): Point => [-rows[0]![i]! * unit + 0, -rows[1]![i]! * unit + 0, rows[2]![i]! * unit];
  return affineFromSteps(column(3), column(2), column(1), column(0));
}
