import { type Kernels, kernelsFor } from "../simd/kernels.ts";

const SIGN_BIT = 0x8000;
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
  const flip = by.signed ? 0 : SIGN_BIT;
  const add = by.signed ? offset : offset - MIN;
  if (by.slope !== 1 || add < MIN || add > MAX) return rescaleEach(slice, by);

  const simd = kernelsFor(slice);
  return simd !== undefined && addWith(simd, slice, flip, add) ? 0 : rescaleEach(slice, by);
}

/** Adds by kernels/rescale.ts; leaves the slice as it is, and says false, where a sum would leave int16. */
function addWith(simd: Kernels, slice: Int16Array, flip: number, add: number): boolean {
  simd.begin();
  const inPlace = slice.buffer === simd.buffer;
  const at = simd.lend(slice);
  const overflown = simd.run.addToValues(at, slice.length, flip, add) !== 0;
  // Sums are modulo 2^16, so taking the offset off restores the stored bits.
  if (overflown && inPlace) for (let i = 0; i < slice.length; i++) slice[i] = (slice[i]! - add) ^ flip;
  if (!overflown && !inPlace) slice.set(new Int16Array(simd.buffer, at, slice.length));
  return !overflown;
}

/** Plain twin of kernels/rescale.ts, for any slope; holds at the borders and counts. */
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
