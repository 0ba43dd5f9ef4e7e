import { type CoarseScan, LEFT, RIGHT } from "./coarse-scan.ts";

/** Share of each lung that is in its largest 6-connected piece, right then left; 1 for an empty lung. */
export function mainPieces(coarse: CoarseScan): [right: number, left: number] {
  return [mainPiece(coarse, RIGHT), mainPiece(coarse, LEFT)];
}

function mainPiece({ shape, region, lungCells }: CoarseScan, side: number): number {
  const [nz, ny, nx] = shape;
  const seen = new Uint8Array(region.length);
  const stack: number[] = [];
  let [all, largest] = [0, 0];
  for (const seed of lungCells) {
    if (region[seed] !== side || seen[seed] === 1) continue;
    seen[seed] = 1;
    stack.push(seed);
    let size = 0;
    const visit = (i: number) => {
      if (region[i] !== side || seen[i] === 1) return;
      seen[i] = 1;
      stack.push(i);
    };
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      size++;
      const x = i % nx;
      const y = Math.floor(i / nx) % ny;
      const z = Math.floor(i / (nx * ny));
      if (x > 0) visit(i - 1);
      if (x < nx - 1) visit(i + 1);
      if (y > 0) visit(i - nx);
      if (y < ny - 1) visit(i + nx);
      if (z > 0) visit(i - nx * ny);
      if (z < nz - 1) visit(i + nx * ny);
    }
    all += size;
    largest = Math.max(largest, size);
  }
  return all === 0 ? 1 : largest / all;
}
