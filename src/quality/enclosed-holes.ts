import type { CoarseScan } from "./coarse-scan.ts";

/**
 * How much is enclosed by the masks and not of them, slice by slice: vessels and hila that were left out, or lung.
 *
 * @returns share of the lungs' volume, 0 to 1
 */
export function enclosedHoles(coarse: CoarseScan): number {
  const { shape, region, lungCells } = coarse;
  const [, ny, nx] = shape;
  const size = ny * nx;
  const reached = new Uint8Array(size);
  const stack = new Int32Array(size);
  let holes = 0;
  for (const { z, left, top, right, bottom, cells } of boxesOf(coarse)) {
    const base = z * size;
    for (let y = top; y <= bottom; y++) reached.fill(0, y * nx + left, y * nx + right + 1);
    let open = 0;
    let outside = 0;
    const visit = (x: number, y: number) => {
      const i = y * nx + x;
      if (reached[i] === 1 || region[base + i] !== 0) return;
      reached[i] = 1;
      stack[open++] = i;
      outside++;
    };
    // What lies beyond the box of the masks is outside, and so is what is joined to its border.
    for (let x = left; x <= right; x++) {
      visit(x, top);
      visit(x, bottom);
    }
    for (let y = top; y <= bottom; y++) {
      visit(left, y);
      visit(right, y);
    }
    while (open > 0) {
      const i = stack[--open]!;
      const y = (i / nx) | 0;
      const x = i - y * nx;
      if (x > left) visit(x - 1, y);
      if (x < right) visit(x + 1, y);
      if (y > top) visit(x, y - 1);
      if (y < bottom) visit(x, y + 1);
    }
    holes += (right - left + 1) * (bottom - top + 1) - outside - cells;
  }
  return lungCells.length === 0 ? 0 : holes / lungCells.length;
}

/** The masks of a slice that shows lung: their box, and the number of their cells. */
interface SliceBox {
  readonly z: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
  cells: number;
}

function boxesOf({ shape: [, ny, nx], region, lungCells }: CoarseScan): SliceBox[] {
  const size = ny * nx;
  const boxes: SliceBox[] = [];
  for (const first of lungCells) {
    const z = (first / size) | 0;
    if (z === boxes.at(-1)?.z) continue;
    const box: SliceBox = { z, left: nx, top: ny, right: -1, bottom: -1, cells: 0 };
    for (let y = 0, i = z * size; y < ny; y++) {
      for (let x = 0; x < nx; x++, i++) {
        if (region[i] === 0) continue;
        box.cells++;
        box.left = Math.min(box.left, x);
        box.right = Math.max(box.right, x);
        box.top = Math.min(box.top, y);
        box.bottom = y;
      }
    }
    boxes.push(box);
  }
  return boxes;
}
