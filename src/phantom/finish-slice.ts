import type { Canvas } from "./canvas.ts";
import { Random } from "./random.ts";

/** Hounsfield units outside the reconstruction circle, in place of a measurement. */
export const PADDING_HU = -2048;
const LOWEST_HU = -1024;
/**
 * Weight of the noise before smoothing, in 1/256 of the sum of four random bytes (standard
 * deviation 148): about 15 HU after it.
 */
const NOISE_WEIGHT = 68;

/**
 * Makes a painted slice look measured: noise, then the smoothing of a reconstruction kernel
 * (binomial, 3 × 3), all in integers.
 *
 * @param canvas - the slice; not changed
 * @param seed - another seed gives other noise
 * @param target - receives the slice's Hounsfield units, C-ordered
 */
export function measureSlice(canvas: Canvas, seed: number, target: Int16Array): void {
  const { rows, columns, hu } = canvas;
  let state = new Random(seed).bits();
  let before = new Int32Array(columns);
  let here = new Int32Array(columns);
  let after = new Int32Array(columns);
  const noisy = new Int32Array(columns);
  const smoothRow = (row: number, out: Int32Array): void => {
    for (let c = 0; c < columns; c++) {
      // xorshift32, written out: it runs once a voxel.
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      const sum = (state & 255) + ((state >>> 8) & 255) + ((state >>> 16) & 255) + (state >>> 24);
      noisy[c] = hu[row * columns + c]! + (((sum - 510) * NOISE_WEIGHT) >> 8);
    }
    for (let c = 1; c < columns - 1; c++) out[c] = noisy[c - 1]! + 2 * noisy[c]! + noisy[c + 1]!;
    out[0] = 3 * noisy[0]! + noisy[1]!;
    out[columns - 1] = 3 * noisy[columns - 1]! + noisy[columns - 2]!;
  };
  smoothRow(0, here);
  before.set(here);
  for (let row = 0; row < rows; row++) {
    if (row + 1 < rows) smoothRow(row + 1, after);
    else after.set(here);
    for (let c = 0; c < columns; c++) {
      const value = (before[c]! + 2 * here[c]! + after[c]! + 8) >> 4;
      target[row * columns + c] = Math.max(value, LOWEST_HU);
    }
    [before, here, after] = [here, after, before];
  }
}

/**
 * Sets everything outside the circle that touches the edges of a square slice to one value, as
 * scanners do. Slices that are not square keep their corners.
 */
export function padOutsideCircle(rows: number, columns: number, target: Int16Array): void {
  if (rows !== columns) return;
  const radius = rows / 2;
  for (let row = 0; row < rows; row++) {
    const y = row - (rows - 1) / 2;
    const half = Math.sqrt(radius * radius - y * y);
    const left = Math.ceil((columns - 1) / 2 - half);
    target.fill(PADDING_HU, row * columns, row * columns + left);
    target.fill(PADDING_HU, (row + 1) * columns - left, (row + 1) * columns);
  }
}
