import { invalidOption } from "../errors.ts";
import { type BitVolume, popcount } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";

/** How many true voxels lie at each index of each axis, in the order `[z, y, x]`. */
export type MaskProfile = readonly [z: Uint32Array, y: Uint32Array, x: Uint32Array];

/**
 * Counts the voxels of masks slice by slice, along all three axes.
 *
 * @param masks - of one shape, at least one; a voxel in two of them counts twice
 * @throws PleuraError `invalid-option` when there is none, or when their shapes differ
 */
export function maskProfile(masks: readonly BitVolume[]): MaskProfile {
  const shape = masks[0]?.shape;
  if (shape === undefined) throw invalidOption("masks", "at least one mask", "none");
  const [nz, ny, nx] = shape;
  const profile = [new Uint32Array(nz), new Uint32Array(ny), new Uint32Array(nx)] as const;
  for (const mask of masks) {
    if (!mask.shape.every((n, i) => n === shape[i])) throw invalidOption("masks", `shape ${shape}`, mask.shape);
    addVoxels(profile, mask);
  }
  return profile;
}

/**
 * The slices in which a profile has the most voxels, one for each plane: where a picture of the
 * masks shows most. The middle of the volume when they are empty.
 */
export function fullestSlices([z, y, x]: MaskProfile): Triple {
  return [fullest(z), fullest(y), fullest(x)];
}

function addVoxels([perSlice, perRow, perColumn]: MaskProfile, { shape, words, wordsPerRow }: BitVolume): void {
  const ny = shape[1];
  for (let i = 0; i < words.length; i++) {
    let bits = words[i]!;
    if (bits === 0) continue;
    const row = Math.floor(i / wordsPerRow);
    const count = popcount(bits);
    perSlice[Math.floor(row / ny)]! += count;
    perRow[row % ny]! += count;
    for (const first = (i % wordsPerRow) * 32; bits !== 0; bits &= bits - 1) {
      perColumn[first + 31 - Math.clz32(bits & -bits)]!++;
    }
  }
}

function fullest(counts: Uint32Array): number {
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  return most === 0 ? counts.length >> 1 : counts.indexOf(most);
}
