// Convex hulls of slices: src/ops/convex-hull.ts, as src/prepare/dilated-hull.ts uses it.

import { setRun } from "./runs";

/**
 * Fills every slice's convex hull where that is not too much larger than the slice's mask.
 *
 * @param mask - int32[planes * rows * words], in place
 * @param maxRatio - a hull of more than so many times the mask's area is left out
 * @param scratch - int32[16 * rows]
 */
export function fillHulls(
  mask: usize,
  planes: i32,
  rows: i32,
  wordsPerRow: i32,
  maxRatio: f64,
  scratch: usize,
): void {
  const column = (<usize>rows) << 2;
  const first = scratch;
  const last = first + column;
  const left = last + column;
  const right = left + column;
  const corners = right + column;
  const planeBytes = (<usize>(rows * wordsPerRow)) << 2;
  for (let z = 0; z < planes; z++, mask += planeBytes) {
    let top = -1;
    let bottom = -1;
    let area = 0;
    for (let y = 0; y < rows; y++) {
      const words = mask + ((<usize>(y * wordsPerRow)) << 2);
      let from = 0;
      let to = -1;
      for (let w = 0; w < wordsPerRow; w++) {
        const bits = load<i32>(words + ((<usize>w) << 2));
        if (bits == 0) continue;
        if (to < 0) from = (w << 5) + ctz(bits);
        to = (w << 5) + 31 - clz(bits);
        area += popcnt(bits);
      }
      store<i32>(first + ((<usize>y) << 2), from);
      store<i32>(last + ((<usize>y) << 2), to);
      if (to < 0) continue;
      if (top < 0) top = y;
      bottom = y;
    }
    if (top < 0) continue;
    chain(1, first, last, top, bottom, corners, left);
    chain(-1, last, last, top, bottom, corners, right);
    let hullArea = 0;
    for (let y = top; y <= bottom; y++) {
      const at = (<usize>y) << 2;
      hullArea += 1 - load<i32>(right + at) - load<i32>(left + at);
    }
    if (<f64>hullArea > maxRatio * <f64>area) continue;
    for (let y = top; y <= bottom; y++) {
      const at = (<usize>y) << 2;
      setRun(mask + ((<usize>(y * wordsPerRow)) << 2), load<i32>(left + at), 1 - load<i32>(right + at));
    }
  }
}

/**
 * Least column of the hull in each row from `top` to `bottom`, given the least column of the
 * pixels; with `side` -1 the same of the mirrored pixels. Rows without a pixel have `last` -1.
 *
 * @param corners - scratch: the corners of the hull's side, y and x in doubled coordinates
 */
function chain(side: i32, least: usize, last: usize, top: i32, bottom: i32, corners: usize, out: usize): void {
  let n: usize = 0;
  for (let k = top; k <= bottom; k++) {
    if (load<i32>(last + ((<usize>k) << 2)) < 0) continue;
    const column = side * load<i32>(least + ((<usize>k) << 2));
    for (let half = -1; half <= 1; half++) {
      const y = 2 * k + half;
      const x = 2 * column - i32(half == 0);
      if (n > 0 && yOf(corners, n - 1) == y) {
        // The lower edge of one row is the upper edge of the next.
        if (xOf(corners, n - 1) <= x) continue;
        n--;
      }
      while (n > 1 && turnsOutward(corners, n, y, x)) n--;
      store<i32>(corners + (n << 3), y);
      store<i32>(corners + (n << 3), x, 4);
      n++;
    }
  }
  for (let k = top, i: usize = 0; k <= bottom; k++) {
    while (yOf(corners, i + 1) < 2 * k) i++;
    const dy = <i64>(yOf(corners, i + 1) - yOf(corners, i));
    const dx = <i64>(xOf(corners, i + 1) - xOf(corners, i));
    // Twice the column where the hull's side meets the row, as a fraction of dy.
    const at = <i64>xOf(corners, i) * dy + dx * <i64>(2 * k - yOf(corners, i));
    store<i32>(out + ((<usize>k) << 2), <i32>ceilOf(at, 2 * dy));
  }
}

/** Whether the last of n corners lies on or beyond the line from the one before it to a new one. */
function turnsOutward(corners: usize, n: usize, y: i32, x: i32): bool {
  const y0 = yOf(corners, n - 2);
  const x0 = xOf(corners, n - 2);
  const rise = <i64>(xOf(corners, n - 1) - x0) * <i64>(y - y0);
  return rise >= <i64>(x - x0) * <i64>(yOf(corners, n - 1) - y0);
}

// @ts-expect-error: decorator
@inline
function yOf(corners: usize, i: usize): i32 {
  return load<i32>(corners + (i << 3));
}

// @ts-expect-error: decorator
@inline
function xOf(corners: usize, i: usize): i32 {
  return load<i32>(corners + (i << 3), 4);
}

/** Quotient rounded up; the divisor is positive. */
function ceilOf(a: i64, b: i64): i64 {
  const quotient = a / b;
  return quotient + i64(a % b > 0);
}
