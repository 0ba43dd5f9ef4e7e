import { type Box, boundingBox, cutOut, pasteInto, workingBox } from "../ops/box.ts";
import { componentsWithin, paintComponents } from "../ops/components.ts";
import { type Components, labelRuns } from "../ops/label.ts";
import { complementRuns, extractRuns } from "../ops/runs.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";

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
  const background = labelRuns(complementRuns(extractRuns(part), part.shape[2]), 26);
  const low = tight.low.map((v, axis) => v - box.low[axis]!) as unknown as Triple;
  const high = tight.high.map((v, axis) => v - box.low[axis]!) as unknown as Triple;
  const holes = componentsWithin(background, { low, high });
  for (const root of cornerComponents(background, box, mask.shape)) holes[root] = 0;
  return pasteInto(mask.shape, paintComponents(part, background, holes), box);
}

/** Components, of what was cut out of a volume by a box, that hold a corner of the volume. */
function* cornerComponents({ runs, root }: Components, { low, high }: Box, [nz, ny, nx]: Triple): Generator<number> {
  for (const z of [0, nz - 1]) {
    for (const y of [0, ny - 1]) {
      if (z < low[0] || z >= high[0] || y < low[1] || y >= high[1]) continue;
      const row = (z - low[0]) * runs.rowsPerPlane + y - low[1];
      for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
        if (runs.start[i]! + low[2] === 0 || runs.end[i]! + low[2] === nx) yield root[i]!;
      }
    }
  }
}
