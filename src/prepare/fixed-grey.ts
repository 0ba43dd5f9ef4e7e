/**
 * Grey values on their way through the blending: `(grey + 0.5) × 2^22`, so that the truncated sum,
 * shifted right by {@link GREY_BITS}, is the rounded grey value, and its low bits tell how near
 * the next one is. 255 still fits an int32.
 */
export const GREY_BITS = 22;

const SCALE = 2 ** GREY_BITS;
const FRACTION = SCALE - 1;

/** A grey value the way {@link GREY_BITS} describes it; exact. */
export function toFixedGrey(grey: number): number {
  return (grey + 0.5) * SCALE;
}

/**
 * Whether the order of summation could change the rounded grey value.
 *
 * Blending eight values below 2^30 in doubles errs, in any order, by less than 1e-5. So the grey
 * value is only in doubt where the truncated sum is a whole one or the last step below.
 */
export function isDoubtful(sum: number): boolean {
  return ((sum + 1) & FRACTION) < 2;
}
