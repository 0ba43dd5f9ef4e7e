import { BitVolume } from "../volume/bit-volume.ts";
import { componentSizes, drawComponents, paintComponents } from "./components.ts";
import { type Connectivity, labelRuns } from "./label.ts";
import { extractRuns } from "./runs.ts";

/** The components of a mask that hold a voxel of `seeds`, a mask of the same shape. */
export function connectedTo(mask: BitVolume, seeds: BitVolume, connectivity: Connectivity): BitVolume {
  const components = labelRuns(extractRuns(mask), connectivity);
  const { runs, root } = components;
  const wanted = new Uint8Array(runs.count);
  for (let row = 0; row < runs.planes * runs.rowsPerPlane; row++) {
    for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
      if (wanted[root[i]!] === 0 && anyInRun(seeds, row, runs.start[i]!, runs.end[i]!)) wanted[root[i]!] = 1;
    }
  }
  return paintComponents(new BitVolume(mask.shape), components, wanted);
}

/** The components of at least so many voxels, the largest first. */
export function largeComponents(mask: BitVolume, connectivity: Connectivity, least: number): BitVolume[] {
  const components = labelRuns(extractRuns(mask), connectivity);
  const sizes = componentSizes(components);
  const roots: number[] = [];
  for (let i = 0; i < sizes.length; i++) if (sizes[i]! > 0 && sizes[i]! >= least) roots.push(i);
  roots.sort((a, b) => sizes[b]! - sizes[a]! || a - b);
  return roots.map((root) => drawComponents(components, [root], mask.shape));
}

/** The largest component; empty for an empty mask. */
export function largestComponent(mask: BitVolume, connectivity: Connectivity): BitVolume {
  const components = labelRuns(extractRuns(mask), connectivity);
  const sizes = componentSizes(components);
  let best = -1;
  for (let i = 0; i < sizes.length; i++) if (sizes[i]! > 0 && (best < 0 || sizes[i]! > sizes[best]!)) best = i;
  return drawComponents(components, best < 0 ? [] : [best], mask.shape);
}

/** Whether a mask holds a voxel of the columns `start <= x < end` of a row. */
export function anyInRun({ words, wordsPerRow }: BitVolume, row: number, start: number, end: number): boolean {
  const base = row * wordsPerRow;
  const first = start >> 5;
  const last = (end - 1) >> 5;
  for (let w = first; w <= last; w++) {
    let bits = words[base + w]!;
    if (w === first) bits &= -1 << (start & 31);
    if (w === last) bits &= -1 >>> (31 - ((end - 1) & 31));
    if (bits !== 0) return true;
  }
  return false;
}
