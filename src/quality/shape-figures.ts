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
  const faces = [spacing[1] * spacing[2], spacing[0] * spacing[2], spacing[0] * spacing[1]];
  const steps = [ny * nx, nx, 1];
  const ends = [nz, ny, nx];
  const surface = new Float64Array(3);
  const cells = new Float64Array(3);
  let touching = 0;
  for (const i of lungCells) {
    const here = region[i]!;
    cells[here]!++;
    for (let axis = 0; axis < 3; axis++) {
      const place = Math.floor(i / steps[axis]!) % ends[axis]!;
      const [before, next] = [
        place > 0 ? region[i - steps[axis]!]! : 0,
        place + 1 < ends[axis]! ? region[i + steps[axis]!]! : 0,
      ];
      if (next !== here) surface[here]! += faces[axis]!;
      if (before !== here) surface[here]! += faces[axis]!;
      // Each place where they touch is met once, from the side of its lower cell.
      if (here + next === RIGHT + LEFT && next !== 0) touching += faces[axis]!;
    }
  }
  const cell = spacing[0] * spacing[1] * spacing[2];
  const roughness = (side: number) =>
    cells[side] === 0 ? 0 : surface[side]! / (36 * Math.PI * (cells[side]! * cell) ** 2) ** (1 / 3);
  const smaller = Math.min(surface[RIGHT]!, surface[LEFT]!);
  return {
    roughness: [roughness(RIGHT), roughness(LEFT)],
    contact: smaller === 0 ? 0 : touching / smaller,
  };
}
