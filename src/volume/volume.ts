import { invalidOption } from "../errors.ts";
import type { Affine } from "./affine.ts";
import type { Triple } from "./triple.ts";

export type { Triple } from "./triple.ts";

/** Array types that can hold voxels. */
export type VoxelArray = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Float32Array | Float64Array;

/**
 * A scan or an image on a regular grid.
 *
 * Index order is part of the contract: `shape` and `spacing` are `[z, y, x]`, and voxel
 * `(z, y, x)` is `voxels[(z * shape[1] + y) * shape[2] + x]`. Spacing is in millimetres; the
 * affine leads from an index to DICOM's patient coordinates (LPS, millimetres).
 */
export interface Volume<T extends VoxelArray = Int16Array> {
  /** The values, C-ordered. For a CT: Hounsfield units, int16. */
  readonly voxels: T;
  readonly shape: Triple;
  /** Distance between neighbouring voxels, millimetres. */
  readonly spacing: Triple;
  /** Index `[z, y, x]` → LPS millimetres. */
  readonly affine: Affine;
}

/** Number of voxels of a shape. */
export function voxelCount(shape: Triple): number {
  return shape[0] * shape[1] * shape[2];
}

/** Volume of one voxel, mm³, the product taken in single precision as the published code does. */
export function voxelVolume(spacing: Triple): number {
  return Math.fround(Math.fround(Math.fround(spacing[0]) * Math.fround(spacing[1])) * Math.fround(spacing[2]));
}

/**
 * Checks that a volume's parts belong together.
 *
 * @throws PleuraError `invalid-option` when the shape is not three positive integers, the spacing
 * not three positive numbers, or the number of voxels another than the shape says.
 */
export function checkVolume(volume: Volume<VoxelArray>): void {
  if (!volume.shape.every((n) => Number.isInteger(n) && n > 0)) {
    throw invalidOption("shape", "three positive integers", volume.shape);
  }
  if (!volume.spacing.every((s) => Number.isFinite(s) && s > 0)) {
    throw invalidOption("spacing", "three positive numbers (mm)", volume.spacing);
  }
  if (volume.voxels.length !== voxelCount(volume.shape)) {
    throw invalidOption(
      "voxels",
      `${voxelCount(volume.shape)} values (${volume.shape.join(" × ")})`,
      volume.voxels.length,
    );
  }
}
