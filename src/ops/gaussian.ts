import { pairwiseSum } from "./pairwise-sum.ts";

/**
 * Weights of a sampled Gaussian, from the centre outwards: `weights[k]` belongs to the samples at
 * distance `k`. Normalised over both sides, in the order numpy sums them.
 *
 * @param sigma - standard deviation, samples; positive
 * @param truncate - radius in standard deviations; scipy takes `floor(truncate * sigma + 0.5)` taps a side
 */
export function gaussianWeights(sigma: number, truncate: number): Float64Array {
  const radius = Math.floor(truncate * sigma + 0.5);
  const samples = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp((-0.5 / (sigma * sigma)) * (i - radius) ** 2),
  );
  const sum = pairwiseSum(samples);
  return Float64Array.from({ length: radius + 1 }, (_, k) => samples[radius + k]! / sum);
}

/**
 * Where a position outside `0 <= i < n` is read: mirrored at the edge with the edge sample
 * repeated (scipy's mode "reflect").
 */
export function reflect(i: number, n: number): number {
  const period = 2 * n;
  const folded = ((i % period) + period) % period;
  return folded < n ? folded : period - 1 - folded;
}
