import { type CoarseScan, LEFT, RIGHT } from "./coarse-scan.ts";

/**
 * How much is enclosed by the masks and not of them, slice by slice: vessels and hila that were left out, or lung.
 *
 * @returns share of the lungs' volume, 0 to 1
 */
export function enclosedHoles({ shape, region }: CoarseScan): number {
  const [nz, ny, nx] = shape;
  const size = ny * nx;
  const reached = new Uint8Array(size);
  const stack = new Int32Array(size);
  let [lung, holes] = [0, 0];
  for (let z = 0; z < nz; z++) {
    const base = z * size;
    let inSlice = 0;
    for (let i = base; i < base + size; i++) if (region[i] === RIGHT || region[i] === LEFT) inSlice++;
    if (inSlice === 0) continue;
    lung += inSlice;
    reached.fill(0);
    let open = 0;
    let outside = 0;
    const visit = (i: number) => {
      if (reached[i] === 1 || region[base + i] !== 0) return;
      reached[i] = 1;
      stack[open++] = i;
      outside++;
    };
    for (let x = 0; x < nx; x++) {
      visit(x);
      visit(size - nx + x);
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
      if (i < size - nx) visit(i + nx);
    }
    let taken = 0;
    for (let i = base; i < base + size; i++) if (region[i] !== 0) taken++;
    holes += size - outside - taken;
  }
  return lung === 0 ? 0 : holes / lung;
}
