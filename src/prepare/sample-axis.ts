import { type SplineOrder, splineWeights } from "./spline-weights.ts";

/** For every sample of a new axis: which samples of the old axis it is made of, and how much of each. */
export interface SampleAxis {
  /** Samples taken for one new sample: spline order + 1. */
  readonly taps: number;
  /** Indices on the old axis, `taps` for each new sample, clamped to the axis. */
  readonly index: Int32Array;
  /** Their weights, in the same order. */
  readonly weight: Float64Array;
}

/**
 * Steps on the old axis for one step on the new one, both axes aligned at their first and last
 * sample. An axis of one new sample keeps the first old one; its step is 1.
 */
export function axisStep(oldLength: number, newLength: number): number {
  return newLength > 1 ? (oldLength - 1) / (newLength - 1) : 1;
}

/**
 * Lays a new axis over an old one, end samples aligned (scipy.ndimage.zoom with `mode="nearest"`).
 *
 * @param pad - samples that were put before and behind the old axis
 */
export function sampleAxis(oldLength: number, newLength: number, order: SplineOrder, pad = 0): SampleAxis {
  const taps = order + 1;
  const last = oldLength + 2 * pad - 1;
  const step = axisStep(oldLength, newLength);
  const index = new Int32Array(newLength * taps);
  const weight = new Float64Array(newLength * taps);
  for (let i = 0; i < newLength; i++) {
    const position = i * step + pad;
    const start = Math.floor(order & 1 ? position : position + 0.5) - (order >> 1);
    for (let k = 0; k < taps; k++) index[i * taps + k] = Math.min(Math.max(start + k, 0), last);
    splineWeights(position, order, weight, i * taps);
  }
  return { taps, index, weight };
}

/** The part of a new axis from sample `low` up to, but without, sample `high`. */
export function cropAxis({ taps, index, weight }: SampleAxis, low: number, high: number): SampleAxis {
  return { taps, index: index.subarray(low * taps, high * taps), weight: weight.subarray(low * taps, high * taps) };
}
