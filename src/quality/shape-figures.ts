import { type CoarseScan, LEFT, RIGHT } from "./coarse-scan.ts";

/** Surfaces of the masks. */
export interface ShapeFigures {
  /** Surface of each lung over that of a ball of its volume, right then left; 0 for an empty lung. */
  readonly roughness: readonly [number, number];
  /** Area where the lungs touch each other over the surface of the smaller lung, 0 to 1. */
  readonly contact: number;
}

/** Counts the faces between cells of each lung and what is not of it. */
export function shapeFigures({ shape, spacing, region, lungCells }: CoarseScan): ShapeFigures {
  const [nz, ny, nx] = shape;
  const size = ny * nx;
  const [ofZ, ofY, ofX] = [spacing[1] * spacing[2], spacing[0] * spacing[2], spacing[0] * spacing[1]];
  // Faces of each lung's cells, and where the lungs touch, across z, y and x.
  const open = [new Int32Array(3), new Int32Array(3), new Int32Array(3)] as const;
  const cells = new Int32Array(3);
  const touching = new Int32Array(3);
  const look = (axis: 0 | 1 | 2, here: number, before: number, next: number) => {
    if (next !== here) open[axis][here]!++;
    if (before !== here) open[axis][here]!++;
    // Each place where they touch is met once, from the side of its lower cell.
    if (here + next === RIGHT + LEFT && next !== 0) touching[axis]!++;
  };
  for (const i of lungCells) {
    const here = region[i]!;
    cells[here]!++;
    const row = (i / nx) | 0;
    const z = (row / ny) | 0;
    const [y, x] = [row - z * ny, i - row * nx];
    look(0, here, z > 0 ? region[i - size]! : 0, z + 1 < nz ? region[i + size]! : 0);
    look(1, here, y > 0 ? region[i - nx]! : 0, y + 1 < ny ? region[i + nx]! : 0);
    look(2, here, x > 0 ? region[i - 1]! : 0, x + 1 < nx ? region[i + 1]! : 0);
  }
  const areaOf = (counts: readonly [number, number, number]) => counts[0] * ofZ + counts[1] * ofY + counts[2] * ofX;
  const surface = [0, RIGHT, LEFT].map((side) => areaOf([open[0][side]!, open[1][side]!, open[2][side]!]));
  const cell = spacing[0] * spacing[1] * spacing[2];
  const roughness = (side: number) =>
    cells[side] === 0 ? 0 : surface[side]! / (36 * Math.PI * (cells[side]! * cell) ** 2) ** (1 / 3);
  const smaller = Math.min(surface[RIGHT]!, surface[LEFT]!);
  return {
    roughness: [roughness(RIGHT), roughness(LEFT)],
    contact: smaller === 0 ? 0 : areaOf([touching[0]!, touching[1]!, touching[2]!]) / smaller,
  };
}
