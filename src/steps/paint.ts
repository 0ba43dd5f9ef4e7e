import { BitVolume } from "../volume/bit-volume.ts";
import type { Triple, Volume } from "../volume/volume.ts";

/** One slice of a volume as a volume; its voxels are shared. */
export function sliceOfVolume(volume: Volume<Int16Array>, z: number): Volume<Int16Array> {
  const [, ny, nx] = volume.shape;
  return { ...volume, shape: [1, ny, nx], voxels: volume.voxels.subarray(z * ny * nx, (z + 1) * ny * nx) };
}

/** One slice of a mask as a mask; its words are shared. */
export function sliceOfMask(mask: BitVolume, z: number): BitVolume {
  const [, ny, nx] = mask.shape;
  const size = ny * mask.wordsPerRow;
  return new BitVolume([1, ny, nx], mask.words.subarray(z * size, (z + 1) * size));
}

/** Gives the pixels of a slice of a mask a class. */
export function paint(classes: Uint8Array, mask: BitVolume, z: number, value: number): void {
  const [, ny, nx] = mask.shape;
  for (let y = 0, i = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++, i++) if (mask.get(z, y, x)) classes[i] = value;
  }
}

/** A picture without any class. */
export function blankClasses([, ny, nx]: Triple): Uint8Array {
  return new Uint8Array(ny * nx);
}
