import { type Triple, type VoxelArray, voxelCount } from "../volume/volume.ts";
import { type SampleAxis, sampleAxis } from "./sample-axis.ts";
import { splineFilter } from "./spline-filter.ts";
import type { SplineOrder } from "./spline-weights.ts";

/** Samples repeated beyond each face before filtering, so that the mirror there is out of reach. */
const PAD = 12;

/**
 * Brings a volume to another shape by spline interpolation, end voxels aligned, as
 * scipy.ndimage.zoom 1.10 does with `mode="nearest"`. Orders above 1 need the padded volume once
 * more in double precision.
 *
 * @param voxels - C-ordered, any type
 * @param shape - `[z, y, x]` of voxels
 * @param newShape - `[z, y, x]` of the result, positive integers
 * @returns an array of the same type; integer types are rounded half away from zero and clipped
 */
export function zoom<T extends VoxelArray>(voxels: T, shape: Triple, newShape: Triple, order: SplineOrder): T {
  const pad = order > 1 ? PAD : 0;
  const source = order > 1 ? coefficients(voxels, shape, order) : voxels;
  const [, ny, nx] = shape.map((n) => n + 2 * pad) as unknown as Triple;
  const [mz, my, mx] = newShape;
  const az = sampleAxis(shape[0], mz, order, pad);
  const ay = sampleAxis(shape[1], my, order, pad);
  const ax = sampleAxis(shape[2], mx, order, pad);
  const { taps } = az;
  const out = new (voxels.constructor as new (length: number) => T)(voxelCount(newShape));
  const row = new Float64Array(mx);
  const base = new Int32Array(taps * taps);
  for (let z = 0; z < mz; z++) {
    for (let y = 0; y < my; y++) {
      for (let k = 0; k < base.length; k++) {
        base[k] = (az.index[z * taps + Math.floor(k / taps)]! * ny + ay.index[y * taps + (k % taps)]!) * nx;
      }
      interpolateRow(source, base, az.weight, z * taps, ay.weight, y * taps, ax, row);
      storeRow(row, out, (z * my + y) * mx);
    }
  }
  return out;
}

/** The volume with its edge voxels repeated {@link PAD} times, filtered to spline coefficients. */
function coefficients(voxels: VoxelArray, [nz, ny, nx]: Triple, order: SplineOrder): Float64Array {
  const shape: Triple = [nz + 2 * PAD, ny + 2 * PAD, nx + 2 * PAD];
  const out = new Float64Array(voxelCount(shape));
  const clamp = (i: number, n: number) => Math.min(Math.max(i - PAD, 0), n - 1);
  for (let z = 0, i = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      const row = (clamp(z, nz) * ny + clamp(y, ny)) * nx;
      for (let x = 0; x < shape[2]; x++, i++) out[i] = voxels[row + clamp(x, nx)]!;
    }
  }
  splineFilter(out, shape, order);
  return out;
}

/** One row of the result. The products and the sum are in scipy's order: ties depend on it. */
function interpolateRow(
  source: VoxelArray, base: Int32Array,
  wz: Float64Array, atZ: number, wy: Float64Array, atY: number,
  { taps, index, weight }: SampleAxis, row: Float64Array,
): void {
  for (let x = 0; x < row.length; x++) {
    let sum = 0;
    let k = 0;
    for (let kz = 0; kz < taps; kz++) {
      for (let ky = 0; ky < taps; ky++, k++) {
        for (let kx = x * taps; kx < (x + 1) * taps; kx++) {
          sum += source[base[k]! + index[kx]!]! * wz[atZ + kz]! * wy[atY + ky]! * weight[kx]!;
        }
      }
    }
    row[x] = sum;
  }
}

/** Largest and smallest value of the integer types. */
function limits(array: VoxelArray): readonly [low: number, high: number] | undefined {
  if (array instanceof Float32Array || array instanceof Float64Array) return undefined;
  const bits = array.BYTES_PER_ELEMENT * 8;
  const signed = array instanceof Int8Array || array instanceof Int16Array || array instanceof Int32Array;
  return signed ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
}

function storeRow(row: Float64Array, out: VoxelArray, at: number): void {
  const range = limits(out);
  if (range === undefined) {
    out.set(row, at);
    return;
  }
  const [low, high] = range;
  for (let x = 0; x < row.length; x++) {
    const t = row[x]!;
    out[at + x] = Math.trunc(Math.min(Math.max(t > 0 ? t + 0.5 : t - 0.5, low), high));
  }
}
