import { labelRuns } from "../ops/label.ts";
import { complementRuns, extractRuns, setRun } from "../ops/runs.ts";
import type { BitVolume } from "../volume/bit-volume.ts";

/**
 * Fills the holes of every slice: background that is not joined, 8-connected, to the border of
 * the slice.
 *
 * The published code fills each 8-connected component inside its own bounding box. That is the
 * same: a hole's rim is 4-connected, so it belongs to one component, and what lies within a hole
 * is filled or was true before.
 *
 * @returns a new mask of the same shape
 */
export function fillSlices(mask: BitVolume): BitVolume {
  const [nz, ny, nx] = mask.shape;
  const out = mask.clone();
  const background = complementRuns(extractRuns(mask), nx);
  const { root } = labelRuns(background, 8);
  const { start, end, rowStart } = background;
  const outside = new Uint8Array(background.count);
  for (let z = 0, row = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, row++) {
      const border = y === 0 || y === ny - 1;
      for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
        if (border || start[i] === 0 || end[i] === nx) outside[root[i]!] = 1;
      }
    }
  }
  for (let row = 0; row < nz * ny; row++) {
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      if (outside[root[i]!] === 0) setRun(out.words, row * out.wordsPerRow, start[i]!, end[i]!);
    }
  }
  return out;
}
