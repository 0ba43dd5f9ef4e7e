import { type Kernels, kernelsFor } from "../simd/kernels.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import { gaussianWeights, reflect } from "./gaussian.ts";

/** Columns of each row that may become true: `first[y] <= x < last[y]`, none when they cross. */
export interface RowSpans {
  readonly first: Int32Array;
  readonly last: Int32Array;
}

/** The SIMD kernel is made for the published window, two pixels to either side. */
const SIMD_RADIUS = 2;
/** What it needs beside the slice, at most. */
const scratchBytes = (ny: number, words: number): number => 16 * ny * (words + 2) + 1024;

/**
 * Finds the pixels of a slice whose Gaussian-smoothed value lies below a threshold, without
 * smoothing the slice.
 *
 * A weighted mean lies between its smallest and its largest sample, so a window that lies wholly
 * on one side of the threshold is decided by a few bit operations a word. Only where a window
 * straddles the threshold is the mean computed, with scipy's arithmetic: rows before columns,
 * edge samples repeated, symmetric pairs summed before they are weighted, outermost first, in
 * double, and rounded to single after each axis where the image is one of singles.
 */
export class SmoothedThreshold {
  private readonly words: number;
  private readonly tail: number;
  private readonly weights: Float64Array;
  private readonly radius: number;
  private readonly below: Int32Array;
  private readonly dark: Int32Array;
  private readonly light: Int32Array;
  private readonly column: Float64Array;
  private readonly rows: Int32Array;

  /**
   * @param ny - rows of a slice
   * @param nx - columns of a slice
   * @param threshold - HU; a smoothed value must lie strictly below it
   * @param sigma - standard deviation, pixels
   * @param truncate - radius of the window in standard deviations
   */
  constructor(
    private readonly ny: number,
    private readonly nx: number,
    private readonly threshold: number,
    sigma: number,
    truncate: number,
  ) {
    this.weights = gaussianWeights(sigma, truncate);
    this.radius = this.weights.length - 1;
    this.words = (nx + 31) >>> 5;
    this.tail = -1 >>> ((32 - (nx & 31)) & 31);
    this.below = new Int32Array(ny * this.words);
    // One word of zeros on either side of a row spares the window its borders.
    this.dark = new Int32Array(this.words + 2);
    this.light = new Int32Array(this.words + 2);
    this.column = new Float64Array(32 + 2 * this.radius);
    this.rows = new Int32Array(2 * this.radius + 1);
  }

  /**
   * Marks one slice.
   *
   * @param slice - HU, `ny * nx` values
   * @param spans - outside them the answer is false
   * @param single - whether smoothed values are rounded to single precision after each axis
   * @param out - mask to write to; its slice `z` must be empty
   */
  mark(slice: Int16Array, spans: RowSpans, single: boolean, out: BitVolume, z: number): void {
    const { ny, words, dark, light } = this;
    const threshold = single ? Math.fround(this.threshold) : this.threshold;
    const limit = Math.min(32768, Math.max(-32768, Math.ceil(threshold)));
    const everywhere = this.roundsBelow(threshold, single);
    const simd = kernelsFor(slice, scratchBytes(this.ny, this.words));
    if (simd !== undefined && this.radius === SIMD_RADIUS && !everywhere && limit > -32768) {
      this.markWith(simd, slice, spans, single, threshold, limit, out, z);
      return;
    }
    this.pack(slice, limit);
    for (let y = 0; y < ny; y++) {
      const first = spans.first[y]!;
      const last = spans.last[y]!;
      if (last <= first) continue;
      this.gatherRows(y);
      const base = (z * ny + y) * words;
      const lastWord = (last - 1) >> 5;
      for (let w = first >> 5; w <= lastWord; w++) {
        let wanted = -1;
        if (w === first >> 5) wanted &= -1 << (first & 31);
        if (w === lastWord) wanted &= -1 >>> (31 - ((last - 1) & 31));
        let bits = 0;
        let open = wanted;
        if (!everywhere) {
          // No value below the limit in three words' reach, or none above: nothing to look closer at.
          if ((dark[w]! | dark[w + 1]! | dark[w + 2]!) === 0) continue;
          const anyDark = this.spread(dark, w + 1);
          const anyLight = (light[w]! | light[w + 1]! | light[w + 2]!) === 0 ? 0 : this.spread(light, w + 1);
          bits = anyDark & ~anyLight & wanted;
          open = anyDark & anyLight & wanted;
        }
        while (open !== 0) {
          const from = 31 - Math.clz32(open & -open);
          const run = ~(open >>> from);
          const length = run === 0 ? 32 : 31 - Math.clz32(run & -run);
          bits |= this.smoothedBelow(slice, y, (w << 5) + from, length, single, threshold) << from;
          open &= from + length === 32 ? 0 : -1 << (from + length);
        }
        out.words[base + w] = bits;
      }
    }
  }

  /** The same by kernels/smoothed-threshold.ts. */
  private markWith(
    simd: Kernels,
    slice: Int16Array,
    { first, last }: RowSpans,
    single: boolean,
    threshold: number,
    limit: number,
    out: BitVolume,
    z: number,
  ): void {
    const { ny, nx, words } = this;
    const plane = ny * words;
    simd.begin();
    const pixels = simd.lend(slice);
    const spans = simd.reserve(8 * ny);
    const weights = simd.reserve(24);
    const work = simd.reserve(4 * (plane + 2 * words) + 512);
    const marked = simd.reserve(4 * plane);
    new Int32Array(simd.buffer, spans, ny).set(first);
    new Int32Array(simd.buffer, spans + 4 * ny, ny).set(last);
    new Float64Array(simd.buffer, weights, 3).set(this.weights);
    const bits = new Uint32Array(simd.buffer, marked, plane).fill(0);
    simd.run.markSlice(pixels, ny, nx, spans, limit - 1, threshold, single, weights, work, marked);
    out.words.set(bits, z * plane);
  }

  /**
   * One bit a pixel: the value itself lies below the limit. The difference of two 16-bit numbers
   * is negative exactly when its sign bit says so.
   */
  private pack(slice: Int16Array, limit: number): void {
    const { ny, nx, words, below } = this;
    for (let y = 0, word = 0; y < ny; y++) {
      const row = y * nx;
      for (let w = 0; w < words; w++, word++) {
        const from = row + (w << 5);
        let bits = 0;
        if ((w << 5) + 32 <= nx) {
          // Eight at a time: every pixel comes through here, and one at a time takes half as long again.
          for (let i = from + 24; i >= from; i -= 8) {
            bits =
              (bits << 8) |
              ((slice[i]! - limit) >>> 31) |
              (((slice[i + 1]! - limit) >>> 31) << 1) |
              (((slice[i + 2]! - limit) >>> 31) << 2) |
              (((slice[i + 3]! - limit) >>> 31) << 3) |
              (((slice[i + 4]! - limit) >>> 31) << 4) |
              (((slice[i + 5]! - limit) >>> 31) << 5) |
              (((slice[i + 6]! - limit) >>> 31) << 6) |
              (((slice[i + 7]! - limit) >>> 31) << 7);
          }
        } else {
          for (let i = row + nx - 1; i >= from; i--) bits = (bits << 1) | ((slice[i]! - limit) >>> 31);
        }
        below[word] = bits;
      }
    }
  }

  /** Ors the window's rows around row `y`: where a value below, where one not below the limit lies. */
  private gatherRows(y: number): void {
    const { words, below, dark, light, radius } = this;
    const top = Math.max(0, y - radius) * words;
    const bottom = Math.min(this.ny - 1, y + radius) * words;
    for (let w = 0; w < words; w++) {
      let any = 0;
      let all = -1;
      for (let i = top + w; i <= bottom + w; i += words) {
        any |= below[i]!;
        all &= below[i]!;
      }
      dark[w + 1] = any;
      light[w + 1] = ~all;
    }
    light[words]! &= this.tail;
  }

  /** Ors the window's columns, for the 32 pixels of a word. */
  private spread(row: Int32Array, w: number): number {
    const before = row[w - 1]!;
    const here = row[w]!;
    const after = row[w + 1]!;
    let any = here;
    for (let k = 1; k <= this.radius; k++) {
      any |= (here << k) | (before >>> (32 - k)) | (here >>> k) | (after << (32 - k));
    }
    return any;
  }

  /**
   * Whether a flat image at the threshold comes out below it, by rounding alone. Then no window is
   * decided by its bits; with the published sigma this does not happen.
   */
  private roundsBelow(threshold: number, single: boolean): boolean {
    const round = single ? Math.fround : (v: number) => v;
    const pass = (v: number) => {
      let sum = v * this.weights[0]!;
      for (let k = this.radius; k > 0; k--) sum += (v + v) * this.weights[k]!;
      return round(sum);
    };
    return pass(pass(threshold)) < threshold;
  }

  /** The smoothed values of up to 32 neighbouring pixels against the threshold, one bit each. */
  private smoothedBelow(
    slice: Int16Array,
    y: number,
    x: number,
    length: number,
    single: boolean,
    threshold: number,
  ): number {
    const { nx, ny, weights, radius, column, rows } = this;
    for (let k = -radius; k <= radius; k++) rows[k + radius] = reflect(y + k, ny) * nx;
    const centre = weights[0]!;
    const middle = rows[radius]!;
    for (let i = 0; i < length + 2 * radius; i++) {
      let c = x + i - radius;
      if (c < 0 || c >= nx) c = reflect(c, nx);
      let sum = slice[middle + c]! * centre;
      for (let k = radius; k > 0; k--)
        sum += (slice[rows[radius - k]! + c]! + slice[rows[radius + k]! + c]!) * weights[k]!;
      column[i] = single ? Math.fround(sum) : sum;
    }
    let bits = 0;
    for (let i = 0; i < length; i++) {
      const at = i + radius;
      let sum = column[at]! * centre;
      for (let k = radius; k > 0; k--) sum += (column[at - k]! + column[at + k]!) * weights[k]!;
      if ((single ? Math.fround(sum) : sum) < threshold) bits |= 1 << i;
    }
    return bits;
  }
}
