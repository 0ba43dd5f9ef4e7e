import { componentSizes, drawComponents } from "../ops/components.ts";
import { labelRuns } from "../ops/label.ts";
import { extractRuns } from "../ops/runs.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import { type Volume, voxelVolume } from "../volume/volume.ts";

/** Above this a voxel is taken for bone, Hounsfield units. */
export const BONE_HU = 400;
/** Smaller pieces are noise, calcified spots or contrast, mm³. */
const LEAST_PIECE = 500;

/**
 * A mask of the bones: everything denser than 400 HU, without its small pieces. It is made to be
 * looked at, not to be measured.
 *
 * @param volume - Hounsfield units
 */
export function bones(volume: Volume<Int16Array>): BitVolume {
  const [nz, ny, nx] = volume.shape;
  const dense = new BitVolume(volume.shape);
  for (let row = 0, i = 0; row < nz * ny; row++) {
    const base = row * dense.wordsPerRow;
    for (let x = 0; x < nx; x++, i++) if (volume.voxels[i]! > BONE_HU) dense.words[base + (x >> 5)]! |= 1 << (x & 31);
  }
  const components = labelRuns(extractRuns(dense), 26);
  const sizes = componentSizes(components);
  const least = LEAST_PIECE / voxelVolume(volume.spacing);
  const large: number[] = [];
  for (let i = 0; i < sizes.length; i++) if (sizes[i]! >= least) large.push(i);
  return drawComponents(components, large, volume.shape);
}
