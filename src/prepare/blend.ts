import { GREY_BITS, isDoubtful } from "./fixed-grey.ts";

// Two or four values at a time: bounds checks and the loop itself cost as much as the arithmetic.

/**
 * Blends neighbouring columns of a row: `out[x]` lies between `row[left[x]]` and the next column.
 *
 * @param right - weight of the next column, 0 to 1, by x
 * @param from - first x to compute
 * @param end - x after the last one
 */
export function blendColumns(
  row: Float64Array,
  left: Int32Array,
  right: Float64Array,
  from: number,
  end: number,
  out: Float64Array,
): void {
  let x = from;
  for (; x < end - 1; x += 2) {
    const i = left[x]!;
    const j = left[x + 1]!;
    const a = row[i]!;
    const b = row[j]!;
    out[x] = a + (row[i + 1]! - a) * right[x]!;
    out[x + 1] = b + (row[j + 1]! - b) * right[x + 1]!;
  }
  if (x < end) out[x] = row[left[x]!]! + (row[left[x]! + 1]! - row[left[x]!]!) * right[x]!;
}

/**
 * Blends two rows.
 *
 * @param weight - of the second row, 0 to 1
 * @param from - first column to compute
 * @param end - column after the last one
 * @param out - receives column x at `at + x`
 */
export function blendRows(
  first: Float64Array,
  second: Float64Array,
  weight: number,
  from: number,
  end: number,
  out: Float64Array,
  at: number,
): void {
  let x = from;
  for (; x < end - 1; x += 2) {
    const a = first[x]!;
    const b = first[x + 1]!;
    out[at + x] = a + (second[x]! - a) * weight;
    out[at + x + 1] = b + (second[x + 1]! - b) * weight;
  }
  if (x < end) out[at + x] = first[x]! + (second[x]! - first[x]!) * weight;
}

/**
 * Blends two runs of fixed greys and stores the rounded grey values.
 *
 * @param weight - of the second run, 0 to 1
 * @param from - first value to take, in both
 * @param end - value after the last one
 * @param out - receives the first grey value at `at`
 * @returns whether any of the grey values is in doubt
 */
export function blendToGrey(
  first: Float64Array,
  second: Float64Array,
  weight: number,
  from: number,
  end: number,
  out: Uint8Array,
  at: number,
): boolean {
  let doubts = 0;
  let i = from;
  let o = at;
  for (; i < end - 3; i += 4, o += 4) {
    const a = first[i]!;
    const b = first[i + 1]!;
    const c = first[i + 2]!;
    const d = first[i + 3]!;
    const p = (a + (second[i]! - a) * weight) | 0;
    const q = (b + (second[i + 1]! - b) * weight) | 0;
    const r = (c + (second[i + 2]! - c) * weight) | 0;
    const s = (d + (second[i + 3]! - d) * weight) | 0;
    if (isDoubtful(p) || isDoubtful(q) || isDoubtful(r) || isDoubtful(s)) doubts++;
    out[o] = p >>> GREY_BITS;
    out[o + 1] = q >>> GREY_BITS;
    out[o + 2] = r >>> GREY_BITS;
    out[o + 3] = s >>> GREY_BITS;
  }
  for (; i < end; i++, o++) {
    const p = (first[i]! + (second[i]! - first[i]!) * weight) | 0;
    if (isDoubtful(p)) doubts++;
    out[o] = p >>> GREY_BITS;
  }
  return doubts > 0;
}
