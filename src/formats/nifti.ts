import { invalidOption, PleuraError } from "../errors.ts";
import type { Affine } from "../volume/affine.ts";
import { type Triple, type Volume, voxelCount } from "../volume/volume.ts";
import { axesToQuaternion } from "./quaternion.ts";

/** Element types that are written. */
export type NiftiType = "uint8" | "int16" | "float32";

/** Where a grid lies: all of an image but its values. */
export interface NiftiGeometry {
  /** `[z, y, x]`; no axis longer than 32,767. */
  readonly shape: Triple;
  /** Millimetres, `[z, y, x]`. */
  readonly spacing: Triple;
  /** Index `[z, y, x]` → LPS millimetres. */
  readonly affine: Affine;
}

/** Bytes before the first voxel: the header and the empty list of extensions. */
export const NIFTI_HEADER_BYTES = 352;

/** datatype and bitpix of nifti1.h. */
const TYPES: Readonly<Record<NiftiType, readonly [code: number, bits: number]>> = {
  uint8: [2, 8],
  int16: [4, 16],
  float32: [16, 32],
};
const LONGEST_AXIS = 32767;
const SCANNER_ANATOMY = 1;
const INTENT_LABEL = 1002;
const UNITS_MM = 2;

/**
 * The 352 bytes before the voxels of a single-file NIfTI-1 image (`.nii`), little endian.
 *
 * NIfTI stores x fastest, which is C order over `[z, y, x]`, and counts patient coordinates to
 * the right and to the front (RAS). The sform is the affine. The qform says the same where it
 * can, that is where the axes are at right angles and their lengths are the spacing; elsewhere
 * its code is 0.
 *
 * Source: nifti1.h, https://nifti.nimh.nih.gov/nifti-1
 *
 * @param type - element type of the voxels that follow
 * @param geometry - shape, spacing (mm) and affine (LPS, mm)
 * @param intent - `"label"` marks a map of numbered regions
 * @throws PleuraError `too-large` when an axis is longer than 32,767; `invalid-option` when the
 * shape is not three positive integers
 */
export function niftiHeader(type: NiftiType, geometry: NiftiGeometry, intent?: "label"): Uint8Array {
  const { shape, spacing, affine } = geometry;
  if (!shape.every((n) => Number.isInteger(n) && n > 0)) throw invalidOption("shape", "three positive integers", shape);
  if (shape.some((n) => n > LONGEST_AXIS)) {
    throw new PleuraError("too-large", "NIfTI-1 cannot hold so long an axis", {
      stage: "write",
      measured: `${Math.max(...shape)} voxels`,
      limit: `${LONGEST_AXIS} voxels`,
    });
  }
  const out = new Uint8Array(NIFTI_HEADER_BYTES);
  const view = new DataView(out.buffer);
  const int16s = (at: number, values: readonly number[]) => {
    for (const [i, value] of values.entries()) view.setInt16(at + 2 * i, value, true);
  };
  const float32s = (at: number, values: readonly number[]) => {
    for (const [i, value] of values.entries()) view.setFloat32(at + 4 * i, value, true);
  };
  const [code, bits] = TYPES[type];
  const rows = rasRows(affine);
  const turn = axesToQuaternion(rows, [spacing[2], spacing[1], spacing[0]]);
  view.setInt32(0, 348, true);
  int16s(40, [3, shape[2], shape[1], shape[0], 1, 1, 1, 1]);
  int16s(68, [intent === "label" ? INTENT_LABEL : 0, code, bits]);
  float32s(76, [turn?.handedness ?? 1, spacing[2], spacing[1], spacing[0], 0, 0, 0, 0]);
  float32s(108, [NIFTI_HEADER_BYTES, 1, 0]);
  view.setUint8(123, UNITS_MM);
  int16s(252, [turn === undefined ? 0 : SCANNER_ANATOMY, SCANNER_ANATOMY]);
  if (turn !== undefined) float32s(256, [...turn.vector, ...rows.map((row) => row[3])]);
  float32s(280, rows.flat());
  out.set([0x6e, 0x2b, 0x31], 344);
  return out;
}

/**
 * A whole `.nii` file of a volume.
 *
 * @param volume - uint8, int16 or float32 voxels
 * @throws PleuraError `too-large` when an axis is longer than 32,767; `invalid-option` when the
 * number of voxels is not what the shape says
 */
export function encodeNifti(volume: Volume<Uint8Array> | Volume<Int16Array> | Volume<Float32Array>): Uint8Array {
  const { voxels, shape } = volume;
  if (voxels.length !== voxelCount(shape)) throw invalidOption("voxels", `${voxelCount(shape)} values`, voxels.length);
  const type = voxels instanceof Uint8Array ? "uint8" : voxels instanceof Int16Array ? "int16" : "float32";
  const header = niftiHeader(type, volume);
  const out = new Uint8Array(header.length + voxels.byteLength);
  out.set(header);
  out.set(new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength), header.length);
  return out;
}

/** The affine's three rows for RAS and index order (x, y, z). */
function rasRows(a: Affine): [Row, Row, Row] {
  // -0 would be written as such; adding 0 makes it 0.
  return [
    [-a[2] + 0, -a[1] + 0, -a[0] + 0, -a[3] + 0],
    [-a[6] + 0, -a[5] + 0, -a[4] + 0, -a[7] + 0],
    [a[10], a[9], a[8], a[11]],
  ];
}

type Row = [x: number, y: number, z: number, offset: number];
