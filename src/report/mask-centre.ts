import type { BitVolume } from "../volume/bit-volume.ts";
import { popcount } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";

/**
 * The slices `[z, y, x]` in which masks have the most voxels, one for each plane: where a
 * picture of them shows most.
 *
 * @param masks - masks of one shape; the middle of the volume when all are empty
 */
export function fullestSlices(masks: readonly BitVolume[]): Triple {
  const shape = masks[0]?.shape ?? [1, 1, 1];
  const [nz, ny, nx] = shape;
  const perSlice = new Uint32Array(nz);
  const perRow = new Uint32Array(ny);
  const perColumn = new Uint32Array(nx);
  for (const { words, wordsPerRow } of masks) {
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
  return [fullest(perSlice), fullest(perRow), fullest(perColumn)];
}

function fullest(counts: Uint32Array): number {
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  return most === 0 ? counts.length >> 1 : counts.indexOf(most);
}
