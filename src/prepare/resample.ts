import { invalidOption } from "../errors.ts";
import type { SpacingPrecision } from "../volume/spacing-precision.ts";
import type { Triple, VoxelArray } from "../volume/volume.ts";
import { MILLIMETRE_GRID, resampledShape, resampledSpacing } from "./resampled-grid.ts";
import type { SplineOrder } from "./spline-weights.ts";
import { zoom } from "./zoom.ts";

/** Voxels and their shape: `[z, y, x]`, or `[z, y, x, channel]` with the channel fastest. */
export interface ImageArray<T extends VoxelArray> {
  readonly voxels: T;
  readonly shape: readonly number[];
}

/** What {@link resample} returns: voxels on the new grid, and the grid. */
export interface Resampled<T extends VoxelArray> extends ImageArray<T> {
  /** Extent over new shape, mm: what was asked for, but for the rounding of the shape. */
  readonly spacing: Triple;
}

/** Options of {@link resample}. */
export interface ResampleOptions {
  /** Spline order, 0 to 5. Default 2. */
  readonly order?: SplineOrder;
  /** In which precision the old spacing counts. Default `single`. */
  readonly precision?: SpacingPrecision;
}

/**
 * Resamples an image to another spacing by spline interpolation. The first and the last voxel of
 * every axis stay where they are; beyond them the edge voxel is repeated. Equal to
 * scipy.ndimage.zoom 1.10 with `mode="nearest"`.
 *
 * @param image - 3-D, or 4-D with channels last, each channel on its own; left as it is
 * @param spacing - mm, `[z, y, x]`
 * @param newSpacing - mm, `[z, y, x]`
 * @returns an array of the same type; integer types are rounded half away from zero and clipped
 * @throws PleuraError `invalid-option` for anything but 3 or 4 axes, spacings that are not
 * positive, an order outside 0 to 5, or an axis that would have no voxel left.
 * @example
 * const { voxels, shape, spacing } = resample(volume, volume.spacing, [1, 1, 1], { order: 1 });
 */
export function resample<T extends VoxelArray>(
  image: ImageArray<T>,
  spacing: Triple,
  newSpacing: Triple = MILLIMETRE_GRID,
  { order = 2, precision = "single" }: ResampleOptions = {},
): Resampled<T> {
  const { voxels, shape } = image;
  checkImage(image);
  checkOrder(order);
  const from = shape.slice(0, 3) as unknown as Triple;
  const to = resampledShape(from, spacing, newSpacing, precision);
  const trueSpacing = resampledSpacing(from, spacing, to, precision);
  const channels = shape[3];
  if (channels === undefined) return { voxels: zoom(voxels, from, to, order), shape: to, spacing: trueSpacing };
  const out = arrayLike(voxels, to[0] * to[1] * to[2] * channels);
  for (let c = 0; c < channels; c++) {
    const zoomed = zoom(channelOf(voxels, channels, c), from, to, order);
    for (let i = 0; i < zoomed.length; i++) out[i * channels + c] = zoomed[i]!;
  }
  return { voxels: out, shape: [...to, channels], spacing: trueSpacing };
}

/** @throws PleuraError `invalid-option` when a spline order is not an integer from 0 to 5. */
export function checkOrder(order: number): void {
  if (!Number.isInteger(order) || order < 0 || order > 5) throw invalidOption("order", "an integer from 0 to 5", order);
}

function checkImage({ voxels, shape }: ImageArray<VoxelArray>): void {
  const fits = (shape.length === 3 || shape.length === 4) && shape.every((n) => Number.isInteger(n) && n > 0);
  if (!fits) throw invalidOption("shape", "3 or 4 positive integers", shape);
  const size = shape.reduce((product, n) => product * n, 1);
  if (voxels.length !== size) throw invalidOption("voxels", `${size} values (${shape.join(" × ")})`, voxels.length);
}

function channelOf<T extends VoxelArray>(voxels: T, channels: number, channel: number): T {
  const out = arrayLike(voxels, voxels.length / channels);
  for (let i = 0; i < out.length; i++) out[i] = voxels[i * channels + channel]!;
  return out;
}

function arrayLike<T extends VoxelArray>(voxels: T, length: number): T {
  return new (voxels.constructor as new (length: number) => T)(length);
}
