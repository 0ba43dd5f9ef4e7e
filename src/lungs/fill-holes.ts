import { boundingBox, cutOut, pasteInto, workingBox } from "../ops/box.ts";
import { labelRuns } from "../ops/label.ts";
import { complementRuns, extractRuns, setRun } from "../ops/runs.ts";
import type { BitVolume } from "../volume/bit-volume.ts";

/**
 * Fills the holes of a mask in three dimensions: 26-connected parts of the background that hold
 * no corner of the volume.
 *
 * Only the mask's bounding box is looked at. Each connected part of what lies around the box in
 * the volume holds a corner, so background that reaches out of the box is not a hole.
 *
 * Where the mask itself holds a corner the published code takes all of the mask for the outside
 * and loses it; here it is filled like any other.
 *
 * @returns a new mask of the same shape
 */
export function fillHoles(mask: BitVolume): BitVolume {
  const tight = boundingBox(mask);
  if (tight === undefined) return mask.clone();
  const box = workingBox(tight, mask.shape, [1, 1, 1]);
  const part = cutOut(mask, box);
  const [nz, ny, nx] = part.shape;
  const background = complementRuns(extractRuns(part), nx);
  const { root } = labelRuns(background, 26);
  const { start, end, rowStart } = background;
  const outside = new Uint8Array(background.count);
  const atCorner = (v: number, axis: 0 | 1) => v === 0 || v === mask.shape[axis] - 1;
  for (let z = 0, row = 0; z < nz; z++) {
    const wholeZ = z + box.low[0];
    for (let y = 0; y < ny; y++, row++) {
      const wholeY = y + box.low[1];
      const beyond =
        wholeZ < tight.low[0] || wholeZ >= tight.high[0] || wholeY < tight.low[1] || wholeY >= tight.high[1];
      const corner = atCorner(wholeZ, 0) && atCorner(wholeY, 1);
      for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
        const a = start[i]! + box.low[2];
        const b = end[i]! + box.low[2];
        if (beyond || a < tight.low[2] || b > tight.high[2] || (corner && (a === 0 || b === mask.shape[2]))) {
          outside[root[i]!] = 1;
        }
      }
    }
  }
  for (let row = 0; row < nz * ny; row++) {
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      if (outside[root[i]!] === 0) setRun(part.words, row * part.wordsPerRow, start[i]!, end[i]!);
    }
  }
  return pasteInto(mask.shape, part, box);
}
