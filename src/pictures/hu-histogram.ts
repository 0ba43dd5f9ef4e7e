import { invalidOption } from "../errors.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Volume, VoxelArray } from "../volume/volume.ts";

/** How often values occur inside of masks. */
export interface HuHistogram {
  /** Lower end of the first bin, HU. */
  readonly low: number;
  /** Width of a bin, HU. */
  readonly step: number;
  /** Voxels a bin; what lies below the first or above the last is counted there. */
  readonly counts: readonly number[];
  /** Mean of all voxels, HU; 0 when there is none. */
  readonly mean: number;
}

/** From below the emptiest air to above blood and contrast: what lungs hold. */
const LOW = -1050;
const STEP = 25;
const BINS = 50;

/**
 * The distribution of a scan's values inside of masks, from -1050 to 200 HU in steps of 25.
 *
 * @param volume - Hounsfield units
 * @param masks - of the volume's shape; a voxel in two of them counts twice
 * @throws PleuraError `invalid-option` when a mask has another shape
 */
export function huHistogram(volume: Volume<VoxelArray>, masks: readonly BitVolume[]): HuHistogram {
  const { voxels, shape } = volume;
  const counts = new Uint32Array(BINS);
  let sum = 0;
  let total = 0;
  for (const mask of masks) {
    if (!mask.shape.every((n, i) => n === shape[i])) throw invalidOption("masks", `shape ${shape}`, mask.shape);
    const { words, wordsPerRow } = mask;
    for (let w = 0; w < words.length; w++) {
      const start = Math.floor(w / wordsPerRow) * shape[2] + (w % wordsPerRow) * 32;
      for (let bits = words[w]!; bits !== 0; bits &= bits - 1) {
        const value = voxels[start + 31 - Math.clz32(bits & -bits)]!;
        counts[Math.min(BINS - 1, Math.max(0, Math.floor((value - LOW) / STEP)))]!++;
        sum += value;
        total++;
      }
    }
  }
  return { low: LOW, step: STEP, counts: [...counts], mean: total === 0 ? 0 : sum / total };
}
