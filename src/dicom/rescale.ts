import { type Kernels, kernelsFor } from "../simd/kernels.ts";

const SIGN_BITS = 0x80008000 | 0;
const OTHER_BITS = 0x7fff7fff;
const MIN = -32768;
const MAX = 32767;

/** Stored value → Hounsfield unit of one slice: `HU = stored · slope + intercept`. */
export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
  /** Whether the stored bits are two's complement. */
  readonly signed: boolean;
}

/**
 * Turns one slice of stored values into Hounsfield units, in place.
 *
 * The arithmetic is the published pipeline's: a slope other than 1 multiplies in double precision
 * and truncates toward zero, then the intercept, truncated, is added. Where the result leaves
 * int16 it is held at the border and counted; the published code wraps there.
 *
 * @param slice - int16, any number of values, holding the stored bits; receives Hounsfield units
 * @returns how many values were held at the border of int16
 */
export function rescale(slice: Int16Array, by: Rescale): number {
  const offset = Math.trunc(by.intercept);
  if (by.slope === 1 && by.signed && offset === 0) return 0;
  // An unsigned value is the signed one with its highest bit turned, plus 32768.
  const flip = by.signed ? 0 : SIGN_BITS;
  const add = by.signed ? offset : offset - MIN;
  if (by.slope !== 1 || add < MIN || add > MAX) return rescaleEach(slice, by);

  const simd = kernelsFor(slice);
  if (simd !== undefined) return addWith(simd, slice, flip, add) ? 0 : rescaleEach(slice, by);

  // Eight values a round, in 32-bit words; what lies outside whole rounds goes one by one.
  const head = (slice.byteOffset & 2) >> 1;
  const words = ((slice.length - head) >> 3) * 4;
  const middle = slice.subarray(head, head + 2 * words);
  const pairs = new Int32Array(slice.buffer, middle.byteOffset, words);
  const held = rescaleEach(slice.subarray(0, head), by) + rescaleEach(slice.subarray(head + 2 * words), by);
  if (!addToPairs(pairs, flip, (add & 0xffff) | (add << 16))) return held;

  // Something left int16. Sums are modulo 2^16, so taking the offset off restores the stored bits.
  for (let i = 0; i < middle.length; i++) middle[i]! -= offset;
  return held + rescaleEach(middle, by);
}

/** Adds by kernels/rescale.ts; leaves the slice as it is, and says false, where a sum would leave int16. */
function addWith(simd: Kernels, slice: Int16Array, flip: number, add: number): boolean {
  simd.begin();
  const inPlace = slice.buffer === simd.buffer;
  const at = simd.lend(slice);
  const overflown = simd.run.addToValues(at, slice.length, flip & 0xffff, add) !== 0;
  // Sums are modulo 2^16, so taking the offset off restores the stored bits.
  if (overflown && inPlace) for (let i = 0; i < slice.length; i++) slice[i] = (slice[i]! - add) ^ flip;
  if (!overflown && !inPlace) slice.set(new Int16Array(simd.buffer, at, slice.length));
  return !overflown;
}

/**
 * Turns the bits of `flip` and adds the halves of `add` to the halves of every word, modulo 2^16.
 *
 * @param pairs - a multiple of four words: four a round take half the time of one
 * @returns whether any sum left int16: both its terms had the sign that it lacks
 */
function addToPairs(pairs: Int32Array, flip: number, add: number): boolean {
  const low = add & OTHER_BITS;
  let left = 0;
  for (let i = 0; i < pairs.length; i += 4) {
    const a = pairs[i]! ^ flip;
    const b = pairs[i + 1]! ^ flip;
    const c = pairs[i + 2]! ^ flip;
    const d = pairs[i + 3]! ^ flip;
    const sumA = ((a & OTHER_BITS) + low) ^ ((a ^ add) & SIGN_BITS);
    const sumB = ((b & OTHER_BITS) + low) ^ ((b ^ add) & SIGN_BITS);
    const sumC = ((c & OTHER_BITS) + low) ^ ((c ^ add) & SIGN_BITS);
    const sumD = ((d & OTHER_BITS) + low) ^ ((d ^ add) & SIGN_BITS);
    left |= ((a ^ sumA) & (add ^ sumA)) | ((b ^ sumB) & (add ^ sumB));
    left |= ((c ^ sumC) & (add ^ sumC)) | ((d ^ sumD) & (add ^ sumD));
    pairs[i] = sumA;
    pairs[i + 1] = sumB;
    pairs[i + 2] = sumC;
    pairs[i + 3] = sumD;
  }
  return (left & SIGN_BITS) !== 0;
}

/** The same for one value at a time, for any slope; holds at the borders and counts. */
function rescaleEach(values: Int16Array, { slope, intercept, signed }: Rescale): number {
  const offset = Math.trunc(intercept);
  let held = 0;
  for (let i = 0; i < values.length; i++) {
    const stored = signed ? values[i]! : values[i]! & 0xffff;
    const hu = (slope === 1 ? stored : Math.trunc(slope * stored)) + offset;
    if (hu < MIN || hu > MAX) held++;
    values[i] = Math.min(Math.max(hu, MIN), MAX);
  }
  return held;
}
