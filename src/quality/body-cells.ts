import type { CoarseScan } from "./coarse-scan.ts";

/** Air and lung on one side of this, tissue on the other, HU. */
const AIR_BELOW = -500;

/** Marks of {@link bodyCells}. */
export const OUTSIDE = 0;
export const BODY = 1;

/**
 * Tells what lies within the body from the air around it, slice by slice: outside is the air that is joined to the
 * slice's border without passing through a mask.
 *
 * @returns `BODY` or `OUTSIDE` for each cell; a table counts as body where it is dense
 */
export function bodyCells({ shape, hu, touched }: CoarseScan): Uint8Array {
  const [nz, ny, nx] = shape;
  const inside = new Uint8Array(hu.length).fill(BODY);
  const stack = new Int32Array(ny * nx);
  for (let z = 0; z < nz; z++) {
    const base = z * ny * nx;
    let open = 0;
    const visit = (i: number) => {
      if (inside[base + i] === OUTSIDE || touched[base + i] === 1 || hu[base + i]! >= AIR_BELOW) return;
      inside[base + i] = OUTSIDE;
      stack[open++] = i;
    };
    for (let x = 0; x < nx; x++) {
      visit(x);
      visit((ny - 1) * nx + x);
    }
    for (let y = 0; y < ny; y++) {
      visit(y * nx);
      visit(y * nx + nx - 1);
    }
    while (open > 0) {
      const i = stack[--open]!;
      const x = i % nx;
      if (x > 0) visit(i - 1);
      if (x < nx - 1) visit(i + 1);
      if (i >= nx) visit(i - nx);
      if (i < (ny - 1) * nx) visit(i + nx);
    }
  }
  return inside;
}

/** Number of the body's cells from one slice to another, both included. */
export function countBody({ shape }: CoarseScan, inside: Uint8Array, low: number, high: number): number {
  const size = shape[1] * shape[2];
  let count = 0;
  for (let i = low * size; i < (high + 1) * size; i++) count += inside[i]!;
  return count;
}
