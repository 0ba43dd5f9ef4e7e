import { type Triple, type VoxelArray, voxelCount } from "../volume/volume.ts";
import { type SampleAxis, sampleAxis } from "./sample-axis.ts";
import { splineCoefficients } from "./spline-filter.ts";
import type { SplineOrder } from "./spline-weights.ts";

/**
 * Brings a volume to another shape by spline interpolation, end voxels aligned, as
 * scipy.ndimage.zoom 1.10 does with `mode="nearest"`: integers are equal, floating point agrees to
 * about 1e-13 of the largest value. Orders above 1 need the volume once more in double precision.
 *
 * @param voxels - C-ordered, any type
 * @param shape - `[z, y, x]` of voxels
 * @param newShape - `[z, y, x]` of the result, positive integers
 * @returns an array of the same type; integer types are rounded half away from zero and clipped
 */
export function zoom<T extends VoxelArray>(voxels: T, shape: Triple, newShape: Triple, order: SplineOrder): T {
  const out = new (voxels.constructor as new (length: number) => T)(voxelCount(newShape));
  new Zoom(voxels, shape, newShape, order).fill(out);
  return out;
}

/**
 * Interpolates axis by axis: lines to the new columns, lines to the new rows, planes to the new
 * slices. The latest lines and planes are kept, as many as the spline is wide.
 */
class Zoom {
  private readonly source: VoxelArray;
  private readonly ny: number;
  private readonly nx: number;
  private readonly taps: number;
  private readonly z: SampleAxis;
  private readonly y: SampleAxis;
  private readonly x: SampleAxis;
  private readonly lines: Float64Array[];
  private readonly planes: Float64Array[];
  /** Which line or plane of the source is in each place; -1 for none yet. */
  private readonly lineAt: Int32Array;
  private readonly planeAt: Int32Array;

  constructor(
    voxels: VoxelArray,
    shape: Triple,
    private readonly newShape: Triple,
    order: SplineOrder,
  ) {
    const { values, padding } = splineCoefficients(voxels, shape, order);
    this.source = values;
    this.ny = shape[1] + 2 * padding;
    this.nx = shape[2] + 2 * padding;
    this.taps = order + 1;
    this.z = sampleAxis(shape[0], newShape[0], order, padding);
    this.y = sampleAxis(shape[1], newShape[1], order, padding);
    this.x = sampleAxis(shape[2], newShape[2], order, padding);
    const [, my, mx] = newShape;
    this.lines = Array.from({ length: this.taps }, () => new Float64Array(mx));
    this.planes = Array.from({ length: this.taps }, () => new Float64Array(my * mx));
    this.lineAt = new Int32Array(this.taps).fill(-1);
    this.planeAt = new Int32Array(this.taps).fill(-1);
  }

  fill(out: VoxelArray): void {
    const [mz, my, mx] = this.newShape;
    const { index, weight } = this.z;
    const row = new Float64Array(mx);
    const store = storing(out, largest(this.source), (z, y, x) => this.exact(z, y, x));
    for (let z = 0; z < mz; z++) {
      for (let k = z * this.taps; k < (z + 1) * this.taps; k++) this.fillPlane(index[k]!);
      for (let y = 0; y < my; y++) {
        row.fill(0);
        for (let k = z * this.taps; k < (z + 1) * this.taps; k++) {
          addScaled(row, 0, this.planes[index[k]! % this.taps]!, y * mx, mx, weight[k]!);
        }
        store(row, z, y, (z * my + y) * mx);
      }
    }
  }

  /** Sees to it that a slice of the source is in its place, on the new rows and columns. */
  private fillPlane(slice: number): void {
    const place = slice % this.taps;
    if (this.planeAt[place] === slice) return;
    this.planeAt[place] = slice;
    const [, my, mx] = this.newShape;
    const { index, weight } = this.y;
    const plane = this.planes[place]!.fill(0);
    this.lineAt.fill(-1);
    for (let y = 0; y < my; y++) {
      for (let k = y * this.taps; k < (y + 1) * this.taps; k++) {
        this.fillLine(slice, index[k]!);
        addScaled(plane, y * mx, this.lines[index[k]! % this.taps]!, 0, mx, weight[k]!);
      }
    }
  }

  /** Sees to it that a row of the slice is in its place, on the new columns. */
  private fillLine(slice: number, row: number): void {
    const place = row % this.taps;
    if (this.lineAt[place] === row) return;
    this.lineAt[place] = row;
    interpolateLine(this.source, (slice * this.ny + row) * this.nx, this.x, this.lines[place]!);
  }

  /** One voxel the way scipy computes it: the same products, added in the same order. */
  private exact(z: number, y: number, x: number): number {
    const { taps, source } = this;
    let sum = 0;
    for (let kz = z * taps; kz < (z + 1) * taps; kz++) {
      for (let ky = y * taps; ky < (y + 1) * taps; ky++) {
        const line = (this.z.index[kz]! * this.ny + this.y.index[ky]!) * this.nx;
        for (let kx = x * taps; kx < (x + 1) * taps; kx++) {
          const value = source[line + this.x.index[kx]!]!;
          sum += value * this.z.weight[kz]! * this.y.weight[ky]! * this.x.weight[kx]!;
        }
      }
    }
    return sum;
  }
}

function interpolateLine(source: VoxelArray, at: number, { taps, index, weight }: SampleAxis, out: Float64Array): void {
  for (let x = 0, k = 0; x < out.length; x++) {
    let sum = 0;
    for (const end = k + taps; k < end; k++) sum += source[at + index[k]!]! * weight[k]!;
    out[x] = sum;
  }
}

function addScaled(
  to: Float64Array,
  at: number,
  from: Float64Array,
  start: number,
  count: number,
  scale: number,
): void {
  for (let i = 0; i < count; i++) to[at + i]! += from[start + i]! * scale;
}

/** Writes a row of sums, of row `(z, y)`, from an index of the output on. */
type Store = (row: Float64Array, z: number, y: number, at: number) => void;

/**
 * How sums become voxels of the output's type.
 *
 * The sums here and scipy's differ by the order of addition, less than 1e-13 of the largest value
 * for the 216 terms of order 5. Rounding can only show it next to a half; there `exact` decides.
 */
function storing(out: VoxelArray, largestValue: number, exact: (z: number, y: number, x: number) => number): Store {
  if (out instanceof Float32Array || out instanceof Float64Array) return (row, _z, _y, at) => out.set(row, at);
  const [low, high] = limits(out);
  const doubt = 0.5 - 1e-12 * largestValue;
  return (row, z, y, at) => {
    for (let x = 0; x < row.length; x++) {
      let sum = row[x]!;
      if (Math.abs(sum - Math.round(sum)) > doubt) sum = exact(z, y, x);
      out[at + x] = Math.min(Math.max(sum > 0 ? sum + 0.5 : sum - 0.5, low), high);
    }
  };
}

/** Smallest and largest value of an integer type. */
function limits(array: VoxelArray): readonly [low: number, high: number] {
  const bits = array.BYTES_PER_ELEMENT * 8;
  const isSigned = array instanceof Int8Array || array instanceof Int16Array || array instanceof Int32Array;
  return isSigned ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
}

function largest(values: VoxelArray): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]!));
  return most;
}
