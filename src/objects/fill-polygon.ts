import type { BitVolume } from "../volume/bit-volume.ts";

/**
 * The pixels whose centres lie within a closed polygon, by the even-odd rule; keyholes need nothing more. A centre on the border is
 * in where the polygon lies to its right or below.
 *
 * @param corners - `[row, column]` in pixels, (0, 0) the centre of the first one
 * @param to - mask of shape `[1, row, column]` in which they are set
 */
export function fillPolygon(corners: readonly (readonly [row: number, column: number])[], to: BitVolume): void {
  const [, ny, nx] = to.shape;
  // Where the sides cross each row of centres.
  const crossings: number[][] = Array.from({ length: ny }, () => []);
  for (const [i, [r1, c1]] of corners.entries()) {
    const [r2, c2] = corners[(i + 1) % corners.length]!;
    const [top, bottom] = r1 < r2 ? [r1, r2] : [r2, r1];
    for (let y = Math.max(0, Math.ceil(top)); y < bottom && y < ny; y++) {
      crossings[y]!.push(c1 + ((y - r1) * (c2 - c1)) / (r2 - r1));
    }
  }
  for (const [y, row] of crossings.entries()) {
    row.sort((a, b) => a - b);
    for (let i = 0; i + 1 < row.length; i += 2) {
      for (let x = Math.max(0, Math.ceil(row[i]!)); x < row[i + 1]! && x < nx; x++) to.set(0, y, x);
    }
  }
}
