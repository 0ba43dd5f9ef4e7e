/**
 * Sums as numpy's `add.reduce` does: pairwise, with eight accumulators within a block of up to
 * 128 values. The order decides the last bits, and a mean near its limit asks for those.
 */
export function pairwiseSum(values: ArrayLike<number>, from = 0, to = values.length): number {
  const n = to - from;
  if (n < 8) {
    let sum = 0;
    for (let i = from; i < to; i++) sum += values[i]!;
    return sum;
  }
  if (n > 128) {
    const half = (n >> 1) - ((n >> 1) % 8);
    return pairwiseSum(values, from, from + half) + pairwiseSum(values, from + half, to);
  }
  const r = [0, 1, 2, 3, 4, 5, 6, 7].map((k) => values[from + k]!);
  let i = from + 8;
  for (; i + 8 <= to; i += 8) for (let k = 0; k < 8; k++) r[k]! += values[i + k]!;
  let sum = r[0]! + r[1]! + (r[2]! + r[3]!) + (r[4]! + r[5]! + (r[6]! + r[7]!));
  for (; i < to; i++) sum += values[i]!;
  return sum;
}
