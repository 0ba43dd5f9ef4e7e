import { affineFromSteps, indexToPatient, type Point } from "../volume/affine.ts";
import type { Volume } from "../volume/volume.ts";
import type { FindingCode } from "./findings.ts";
import { scale } from "./plane-geometry.ts";

/** What this file puts right, once the user allows it. */
export const FILLABLE: readonly FindingCode[] = ["missing-slices", "uneven-spacing"];

/**
 * Puts unevenly spaced slices onto an even grid from the first to the last of them, by linear
 * interpolation between neighbours. Where a slice lies on the grid it stays as it is.
 *
 * @param volume - slices in order; left as it is
 * @param positions - distance of each slice along the normal, ascending, millimetres
 * @param usual - the step wanted, mm; adapted so that a whole number of steps fits
 */
export function fillGaps(volume: Volume<Int16Array>, positions: readonly number[], usual: number): Volume<Int16Array> {
  const { voxels, shape, spacing, affine } = volume;
  const size = shape[1] * shape[2];
  const first = positions[0]!;
  const reach = positions.at(-1)! - first;
  const steps = Math.max(1, Math.round(reach / usual));
  const step = reach / steps;
  const out = new Int16Array((steps + 1) * size);
  for (let z = 0, k = 0; z <= steps; z++) {
    const at = first + z * step;
    while (k < positions.length - 2 && positions[k + 1]! <= at) k++;
    const part = Math.min(1, Math.max(0, (at - positions[k]!) / (positions[k + 1]! - positions[k]!)));
    const below = voxels.subarray(k * size, (k + 1) * size);
    const above = voxels.subarray((k + 1) * size, (k + 2) * size);
    blend(below, above, part, out.subarray(z * size, (z + 1) * size));
  }
  const column = (axis: number): Point => [affine[axis]!, affine[4 + axis]!, affine[8 + axis]!];
  const way = scale(column(0), (shape[0] - 1) / steps);
  return {
    voxels: out,
    shape: [steps + 1, shape[1], shape[2]],
    spacing: [Math.fround(step), spacing[1], spacing[2]],
    affine: affineFromSteps(indexToPatient(affine, [0, 0, 0]), way, column(1), column(2)),
  };
}

function blend(below: Int16Array, above: Int16Array, part: number, to: Int16Array): void {
  if (part < 1e-3) to.set(below);
  else if (part > 1 - 1e-3) to.set(above);
  else for (let i = 0; i < to.length; i++) to[i] = Math.round(below[i]! * (1 - part) + above[i]! * part);
}
