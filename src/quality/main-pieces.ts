import { type CoarseScan, LEFT, RIGHT } from "./coarse-scan.ts";

/** Share of each lung that is in its largest 6-connected piece, right then left; 1 for an empty lung. */
export function mainPieces(coarse: CoarseScan): [right: number, left: number] {
  return [mainPiece(coarse, RIGHT), mainPiece(coarse, LEFT)];
}

function mainPiece({ shape, region, lungCells }: CoarseScan, side: number): number {
  const [nz, ny, nx] = shape;
  const size = ny * nx;
  const seen = new Uint8Array(region.length);
  const stack = new Int32Array(lungCells.length);
  let [all, largest, open] = [0, 0, 0];
  const visit = (i: number) => {
    if (region[i] !== side || seen[i] === 1) return;
    seen[i] = 1;
    stack[open++] = i;
  };
  for (const seed of lungCells) {
    let cells = 0;
    visit(seed);
    while (open > 0) {
      const i = stack[--open]!;
      cells++;
      const row = (i / nx) | 0;
      const z = (row / ny) | 0;
      const [y, x] = [row - z * ny, i - row * nx];
      if (x > 0) visit(i - 1);
      if (x < nx - 1) visit(i + 1);
      if (y > 0) visit(i - nx);
      if (y < ny - 1) visit(i + nx);
      if (z > 0) visit(i - size);
      if (z < nz - 1) visit(i + size);
    }
    all += cells;
    largest = Math.max(largest, cells);
  }
  return all === 0 ? 1 : largest / all;
}
