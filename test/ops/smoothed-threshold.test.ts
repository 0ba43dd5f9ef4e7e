import { describe, expect } from "vitest";
import { type RowSpans, SmoothedThreshold } from "../../src/ops/smoothed-threshold.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import { smooth } from "../helpers/plain.ts";
import { seeded } from "../helpers/random.ts";
import { testBothWays } from "../helpers/ways.ts";

/** A slice of smooth ramps with noise on them: windows on both sides of the threshold and across it. */
function slice(ny: number, nx: number, noise: number, seed: number): Int16Array {
  const random = seeded(seed);
  return Int16Array.from(
    { length: ny * nx },
    (_, i) => -600 + 300 * Math.sin(i / 7) * Math.cos(i / nx / 3) + noise * (random() - 0.5),
  );
}

const whole = (ny: number, nx: number): RowSpans => ({ first: new Int32Array(ny), last: new Int32Array(ny).fill(nx) });

describe.each([
  [9, 31, 1],
  [8, 32, 1],
  [7, 33, 1],
  [1, 1, 1],
  [1, 70, 2.3],
  [20, 1, 1],
  [12, 64, 0.25],
  [13, 50, 4],
  [5, 6, 15],
])("%i × %i pixels, sigma %f", (ny, nx, sigma) => {
  testBothWays("as the whole mean says, in single and in double", () => checkMeans(ny, nx, sigma));
});

function checkMeans(ny: number, nx: number, sigma: number): void {
  const smoothed = new SmoothedThreshold(ny, nx, -600, sigma, 2);
  for (const noise of [0, 100, 900]) {
    const hu = slice(ny, nx, noise, ny * nx);
    const mean = smooth(hu, ny, nx, sigma, 2);
    for (const single of [false, true]) {
      const out = new BitVolume([3, ny, nx]);
      smoothed.mark(hu, whole(ny, nx), single, out, 1);
      for (let i = 0; i < hu.length; i++) {
        // Nearer than single precision tells, the goldens of test/lungs/binarize.test.ts decide.
        if (Math.abs(mean[i]! + 600) < (single ? 1e-3 : 1e-9)) continue;
        expect(out.get(1, Math.floor(i / nx), i % nx), `noise ${noise}, pixel ${i}`).toBe(mean[i]! < -600);
      }
      expect(
        [...out.words.subarray(0, ny * out.wordsPerRow), ...out.words.subarray(2 * ny * out.wordsPerRow)].every(
          (w) => w === 0,
        ),
      ).toBe(true);
    }
  }
}

testBothWays("only what the spans name can become true", () => {
  const [ny, nx] = [6, 100];
  const smoothed = new SmoothedThreshold(ny, nx, -600, 1, 2);
  const hu = new Int16Array(ny * nx).fill(-900);
  const spans = { first: Int32Array.of(0, 31, 32, 33, 50, 64), last: Int32Array.of(100, 32, 64, 97, 50, 40) };
  const out = new BitVolume([1, ny, nx]);
  smoothed.mark(hu, spans, true, out, 0);
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) expect(out.get(0, y, x)).toBe(x >= spans.first[y]! && x < spans.last[y]!);
  }
});

testBothWays("thresholds beyond int16 decide at once", () => {
  const hu = Int16Array.of(-32768, 32767, 0, -600);
  const marked = (threshold: number) => {
    const out = new BitVolume([1, 1, 4]);
    new SmoothedThreshold(1, 4, threshold, 0.25, 2).mark(hu, whole(1, 4), true, out, 0);
    return out.count();
  };
  expect(marked(-1e6)).toBe(0);
  expect(marked(1e6)).toBe(4);
});
