import type { BitVolume } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";

/** How much of each block of voxels a mask fills, with an empty margin of one block all around. */
export interface CoarseField {
  /** Share of the block that is filled, 0 to 255; C-ordered. */
  readonly share: Uint8Array;
  /** `[z, y, x]` in blocks, the margin included. */
  readonly shape: Triple;
  /** Voxels along the sides of a block. */
  readonly block: Triple;
}

/**
 * Counts a mask into blocks of voxels. The shares are a smoothed mask on a coarser grid, from
 * which a surface comes out smoother, and smaller, than from the voxels themselves.
 *
 * @param block - voxels along the sides of a block, positive integers
 */
export function coarseField(mask: BitVolume, block: Triple): CoarseField {
  const shape = mask.shape.map((n, axis) => Math.ceil(n / block[axis]!) + 2) as unknown as Triple;
  const [nz, ny] = mask.shape;
  const counts = new Uint16Array(shape[0] * shape[1] * shape[2]);
  for (let z = 0, row = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, row++) {
      const base = ((Math.floor(z / block[0]) + 1) * shape[1] + Math.floor(y / block[1]) + 1) * shape[2] + 1;
      for (let w = 0; w < mask.wordsPerRow; w++) {
        let bits = mask.words[row * mask.wordsPerRow + w]!;
        while (bits !== 0) {
          const low = bits & -bits;
          counts[base + Math.floor((w * 32 + 31 - Math.clz32(low)) / block[2])]!++;
          bits ^= low;
        }
      }
    }
  }
  const full = block[0] * block[1] * block[2];
  return { share: Uint8Array.from(counts, (n) => Math.round((n * 255) / full)), shape, block };
}
