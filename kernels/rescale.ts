// The common case of src/dicom/rescale.ts: slope 1.

/**
 * Turns the bits of `flip` and adds `add` to int16 values, in place, modulo 2^16.
 *
 * @param at - int16[count]
 * @returns whether any sum left int16; then the values are no Hounsfield units
 */
export function addToValues(at: usize, count: i32, flip: i32, add: i32): bool {
  const flips = i16x8.splat(<i16>flip);
  const adds = i16x8.splat(<i16>add);
  let left = v128.splat<i32>(0);
  const end = at + ((<usize>count) << 1);
  for (; at + 16 <= end; at += 16) {
    const value = v128.xor(v128.load(at), flips);
    const sum = i16x8.add(value, adds);
    // Where the sum that is held at the borders of int16 is another, the plain one went round.
    left = v128.or(left, v128.xor(sum, i16x8.add_sat_s(value, adds)));
    v128.store(at, sum);
  }
  let any = v128.any_true(left);
  for (; at < end; at += 2) {
    const sum = <i32>(load<i16>(at) ^ <i16>flip) + add;
    if (sum != <i32>(<i16>sum)) any = true;
    store<i16>(at, <i16>sum);
  }
  return any;
}
