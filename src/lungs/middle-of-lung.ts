import { extractRuns } from "../ops/runs.ts";
import type { Triple } from "../volume/volume.ts";
import type { LungSides } from "./sides.ts";

/**
 * A voxel from which much of a lung can be seen: in the slice that shows most of the right lung, or of the left one
 * where there is no right one, the middle of the longest row. It always lies in the lung.
 *
 * @returns `[z, y, x]`; the middle of the grid when both lungs are empty
 */
export function middleOfLung({ right, left }: LungSides): Triple {
  for (const lung of [right, left]) {
    const { start, end, rowStart, planes, rowsPerPlane } = extractRuns(lung);
    let [most, plane] = [0, -1];
    for (let z = 0; z < planes; z++) {
      let voxels = 0;
      const last = rowStart[(z + 1) * rowsPerPlane]!;
      for (let i = rowStart[z * rowsPerPlane]!; i < last; i++) voxels += end[i]! - start[i]!;
      if (voxels > most) [most, plane] = [voxels, z];
    }
    if (plane < 0) continue;
    let best: Triple = [plane, 0, 0];
    let longest = 0;
    for (let y = 0; y < rowsPerPlane; y++) {
      const row = plane * rowsPerPlane + y;
      for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
        if (end[i]! - start[i]! <= longest) continue;
        longest = end[i]! - start[i]!;
        best = [plane, y, (start[i]! + end[i]! - 1) >> 1];
      }
    }
    return best;
  }
  const [z, y, x] = right.shape;
  return [z >> 1, y >> 1, x >> 1];
}
