import { componentsWithin, paintComponents } from "../ops/components.ts";
import { labelRuns } from "../ops/label.ts";
import { complementRuns, extractRuns } from "../ops/runs.ts";
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
  const background = labelRuns(complementRuns(extractRuns(mask), nx), 8);
  const holes = componentsWithin(background, { low: [0, 1, 1], high: [nz, ny - 1, nx - 1] });
  return paintComponents(mask.clone(), background, holes);
}
