import type { Triple } from "../volume/volume.ts";
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

/**
 * Turns the samples of a volume into B-spline coefficients, in place, one axis after the other.
 * The volume is taken as mirrored at its outer faces (edge sample repeated). Orders 0 and 1 need
 * no filter: samples are coefficients.
 *
 * @param samples - float64, C-ordered; every axis longer than 1
 */
export function splineFilter(samples: Float64Array, shape: Triple, order: SplineOrder): void {
  const [nz, ny, nx] = shape;
  filterAxis(samples, 1, nz, ny * nx, order);
  filterAxis(samples, nz, ny, nx, order);
  filterAxis(samples, nz * ny, nx, 1, order);
}

/** Filters along the middle axis of an array seen as outer × n × inner. */
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
