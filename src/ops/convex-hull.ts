/**
 * Convex hull of a set of pixels, as one interval of columns a row.
 *
 * Row `top + k` holds the columns `left[k] <= x <= right[k]`.
 */
export interface HullRows {
  readonly top: number;
  readonly left: Int32Array;
  readonly right: Int32Array;
}

/**
 * The pixels whose centre lies in, or on the border of, the convex hull of the edge midpoints of
 * the given pixels: scikit-image's `convex_hull_image`.
 *
 * Midpoints have half-integer coordinates, so twice them are integers, and all comparisons here
 * are exact.
 *
 * @param top - first row that holds a pixel
 * @param first - first column of each row from `top` on; at least one row
 * @param last - last column of each row; rows without a pixel have `last < first`
 */
export function convexHullRows(top: number, first: Int32Array, last: Int32Array): HullRows {
  const rows = first.length;
  const left = new Int32Array(rows);
  const right = new Int32Array(rows);
  // The right side is the left side of the mirrored pixels.
  const mirrored = last.map((x) => -x);
  chain(first, first, last, left);
  chain(mirrored, first, last, right);
  for (let k = 0; k < rows; k++) right[k] = -right[k]!;
  return { top, left, right };
}

/** Number of pixels of a hull. */
export function hullArea({ left, right }: HullRows): number {
  let area = 0;
  for (let k = 0; k < left.length; k++) area += right[k]! - left[k]! + 1;
  return area;
}

/** Least column of the hull in each row, given the least column of the pixels in each row. */
function chain(least: Int32Array, first: Int32Array, last: Int32Array, out: Int32Array): void {
  const rows = least.length;
  // Corners of the hull's left side in doubled coordinates, by ascending row.
  const ys = new Int32Array(3 * rows);
  const xs = new Int32Array(3 * rows);
  let n = 0;
  for (let k = 0; k < rows; k++) {
    if (last[k]! < first[k]!) continue;
    for (let half = -1; half <= 1; half++) {
      const y = 2 * k + half;
      const x = 2 * least[k]! - (half === 0 ? 1 : 0);
      if (n > 0 && ys[n - 1] === y) {
        // The lower edge of one row is the upper edge of the next.
        if (xs[n - 1]! <= x) continue;
        n--;
      }
      while (n > 1 && (xs[n - 1]! - xs[n - 2]!) * (y - ys[n - 2]!) >= (x - xs[n - 2]!) * (ys[n - 1]! - ys[n - 2]!)) n--;
      ys[n] = y;
      xs[n++] = x;
    }
  }
  for (let k = 0, i = 0; k < rows; k++) {
    while (ys[i + 1]! < 2 * k) i++;
    const dy = ys[i + 1]! - ys[i]!;
    // Twice the column where the hull's side meets the row, as a fraction of dy.
    const at = xs[i]! * dy + (xs[i + 1]! - xs[i]!) * (2 * k - ys[i]!);
    out[k] = Math.ceil(at / (2 * dy));
  }
}
