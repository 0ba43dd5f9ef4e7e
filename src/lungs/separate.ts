import { PleuraError } from "../errors.ts";
import { boundingBox, cutOut, pasteInto, workingBox } from "../ops/box.ts";
import { componentSizes, drawComponents, twoLargest } from "../ops/components.ts";
import { labelRuns } from "../ops/label.ts";
import { erode } from "../ops/morphology.ts";
import { extractRuns } from "../ops/runs.ts";
import { type OptionsOf, type OptionTable, withDefaults } from "../options.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";
import { fillSlices } from "./fill-slices.ts";
import { COVER, mainPart } from "./main-part.ts";
import { splitByNearestCore } from "./nearest-core.ts";

/** What {@link separateLungs} can be told; the defaults are the published ones. */
export const SEPARATE_OPTIONS = {
  /** Most erosions that are tried. Default 22. */
  maxErosions: { default: 22, least: 0, whole: true, label: "Erosions at most", by: 1 },
  /** The larger core must hold less than this many times the smaller one's voxels. Default 4.8. */
  maxRatio: { default: 4.8, least: 1, label: "Ratio of the cores below", by: 0.1 },
  /** Share of a slice that a lung's main components must cover, above 0, at most 1. Default 0.95. */
  cover: COVER,
} as const satisfies OptionTable;

/** Options of {@link separateLungs}. */
export type SeparateOptions = OptionsOf<typeof SEPARATE_OPTIONS>;

/** What {@link separateLungs} found. */
export interface Separation {
  /** The lung with the larger core; the whole mask, slice holes filled, when nothing separated. */
  readonly lung1: BitVolume;
  /** The other lung; empty when nothing separated. */
  readonly lung2: BitVolume;
  readonly separated: boolean;
  /** Erosions that were done. */
  readonly erosions: number;
}

/**
 * Separates the two lungs: erodes the mask until its two largest 18-connected components are of
 * comparable size, gives every voxel to the nearer of these cores, reduces each half to its main
 * part and fills the holes of its slices.
 *
 * @param mask - both lungs, from `fillHoles`
 * @param spacing - `[z, y, x]`, mm
 * @throws PleuraError `invalid-option`; `empty-mask`
 */
export function separateLungs(mask: BitVolume, spacing: Triple, options: SeparateOptions = {}): Separation {
  const { maxErosions, maxRatio, cover } = withDefaults(SEPARATE_OPTIONS, options);
  const tight = boundingBox(mask);
  if (tight === undefined) {
    throw new PleuraError("empty-mask", "There is nothing to separate", {
      stage: "separate",
      measured: "0 voxels",
      limit: "at least 1",
    });
  }
  // What lies outside the box is false, as what lies outside the volume is taken to be.
  const box = workingBox(tight, mask.shape, [0, 0, 0]);
  const part = cutOut(mask, box);
  const cores = findCores(part, maxErosions, maxRatio);
  const restore = (half: BitVolume) => pasteInto(mask.shape, half, box);
  if (cores === undefined) {
    return {
      lung1: restore(fillSlices(part)),
      lung2: new BitVolume(mask.shape),
      separated: false,
      erosions: maxErosions,
    };
  }
  const halves = splitByNearestCore(part, cores.core1, cores.core2, spacing);
  const [lung1, lung2] = halves.map((half) => restore(fillSlices(mainPart(half, cover)))) as [BitVolume, BitVolume];
  return { lung1, lung2, separated: true, erosions: cores.erosions };
}

export function findCores(
  mask: BitVolume,
  maxErosions: number,
  maxRatio: number,
): { core1: BitVolume; core2: BitVolume; erosions: number } | undefined {
  let eroded = mask;
  for (let erosions = 0; erosions < maxErosions; erosions++) {
    const components = labelRuns(extractRuns(eroded), 18);
    const sizes = componentSizes(components);
    const [first, second] = twoLargest(sizes);
    if (first < 0) return undefined;
    if (second >= 0 && sizes[first]! / sizes[second]! < maxRatio) {
      const [core1, core2] = [first, second].map((c) => drawComponents(components, [c], mask.shape)) as [
        BitVolume,
        BitVolume,
      ];
      return { core1, core2, erosions };
    }
    eroded = erode(eroded);
  }
  return undefined;
}
