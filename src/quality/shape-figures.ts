import { type CoarseScan, LEFT, RIGHT } from "./coarse-scan.ts";

/** Surfaces of the masks. */
export interface ShapeFigures {
  /** Surface of each lung over that of a ball of its volume, right then left; 0 for an empty lung. */
  readonly roughness: readonly [number, number];
  /** Area where the lungs touch each other over the surface of the smaller lung, 0 to 1. */
  readonly contact: number;
}

/** Counts the faces between cells of each lung and what is not of it. */
export function shapeFigures({ shape, spacing, region }: CoarseScan): ShapeFigures {
  const [nz, ny, nx] = shape;
  const faces = [spacing[1] * spacing[2], spacing[0] * spacing[2], spacing[0] * spacing[1]];
  const steps = [ny * nx, nx, 1];
  const ends = [nz, ny, nx];
  const surface = [0, 0, 0];
  const cells = [0, 0, 0];
  let touching = 0;
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, i++) {
        const here = region[i]!;
        if (here === RIGHT || here === LEFT) cells[here]!++;
        for (let axis = 0; axis < 3; axis++) {
          const place = axis === 0 ? z : axis === 1 ? y : x;
          const next = place + 1 < ends[axis]! ? region[i + steps[axis]!]! : 0;
          if (here === next) continue;
          const area = faces[axis]!;
          if (here === RIGHT || here === LEFT) surface[here]! += area;
          if (next === RIGHT || next === LEFT) surface[next]! += area;
          if (here + next === RIGHT + LEFT && here !== 0 && next !== 0) touching += area;
        }
      }
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
