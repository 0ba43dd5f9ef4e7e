import { type Triple, type VoxelArray, voxelCount } from "../volume/volume.ts";
import type { SplineOrder } from "./spline-weights.ts";

/**
 * Poles of the recursive filters that turn samples into B-spline coefficients.
 * Source: Unser, Aldroubi, Eden: Fast B-spline transforms for continuous image representation and
 * interpolation, IEEE PAMI 13 (1991), doi:10.1109/34.75515.
 */
const POLES: Readonly<Record<SplineOrder, readonly number[]>> = {
  0: [],
  1: [],
  2: [-0.1715728752538099],
  3: [-0.2679491924311227],
  4: [-0.36134122590022016, -0.013725429297339121],
  5: [-0.4305753470999738, -0.04309628820326465],
};

/** Samples repeated beyond each face before filtering, so that the mirror there is out of reach. */
const PADDING = 12;

/** What a spline is made of, and how many samples were put beyond each face. */
export interface Coefficients {
  /** C-ordered; the samples themselves for orders 0 and 1, doubles otherwise. */
  readonly values: VoxelArray;
  readonly padding: number;
}

/**
 * Turns the samples of a volume into B-spline coefficients, with its faces repeated outwards.
 *
 * @param voxels - C-ordered, any type; left as it is
 */
export function splineCoefficients(voxels: VoxelArray, shape: Triple, order: SplineOrder): Coefficients {
  if (order < 2) return { values: voxels, padding: 0 };
  const [nz, ny, nx] = shape;
  const [pz, py, px]: Triple = [nz + 2 * PADDING, ny + 2 * PADDING, nx + 2 * PADDING];
  const values = new Float64Array(voxelCount([pz, py, px]));
  const clamp = (i: number, n: number) => Math.min(Math.max(i - PADDING, 0), n - 1);
  for (let z = 0, i = 0; z < pz; z++) {
    for (let y = 0; y < py; y++) {
      const row = (clamp(z, nz) * ny + clamp(y, ny)) * nx;
      for (let x = 0; x < px; x++, i++) values[i] = voxels[row + clamp(x, nx)]!;
    }
  }
  filterAxis(values, 1, pz, py * px, order);
  filterAxis(values, pz, py, px, order);
  filterAxis(values, pz * py, px, 1, order);
  return { values, padding: PADDING };
}

/** Filters along the middle axis of an array seen as outer × n × inner; mirrored at its faces. */
function filterAxis(c: Float64Array, outer: number, n: number, inner: number, order: SplineOrder): void {
  const poles = POLES[order];
  const gain = poles.reduce((product, z) => product * ((1 - z) * (1 - 1 / z)), 1);
  for (let i = 0; i < c.length; i++) c[i]! *= gain;
  for (let o = 0; o < outer; o++) {
    for (const z of poles) filterPass(c, o * n * inner, n, inner, z);
  }
}

/** One pole, forward and backward, over `inner` lines of n samples that lie `inner` apart. */
function filterPass(c: Float64Array, base: number, n: number, inner: number, z: number): void {
  startForward(c, base, n, inner, z);
  const end = base + n * inner;
  for (let i = base + inner; i < end; i++) c[i]! += z * c[i - inner]!;
  const start = z / (z - 1);
  for (let i = end - inner; i < end; i++) c[i]! *= start;
  for (let i = end - inner - 1; i >= base; i--) c[i] = z * (c[i + inner]! - c[i]!);
}

/** The first forward coefficient: the sum over the endless mirrored line, in closed form. */
function startForward(c: Float64Array, base: number, n: number, inner: number, z: number): void {
  const zn = z ** n;
  const first = c.slice(base, base + inner);
  const last = base + (n - 1) * inner;
  for (let j = 0; j < inner; j++) c[base + j]! += zn * c[last + j]!;
  let zi = z;
  for (let i = 1; i < n; i++) {
    const up = base + i * inner;
    const down = last - i * inner;
    for (let j = 0; j < inner; j++) c[base + j]! += zi * (c[up + j]! + zn * c[down + j]!);
    zi *= z;
  }
  const scale = z / (1 - zn * zn);
  for (let j = 0; j < inner; j++) c[base + j] = c[base + j]! * scale + first[j]!;
}
