import { BitVolume } from "../volume/bit-volume.ts";

/** The voxels of both masks; they must have the same shape. */
export function intersect(a: BitVolume, b: BitVolume): BitVolume {
  const out = a.clone();
  for (let i = 0; i < out.words.length; i++) out.words[i]! &= b.words[i]!;
  return out;
}

/** The voxels of the first mask that the second, of the same shape, does not hold. */
export function subtract(a: BitVolume, b: BitVolume): BitVolume {
  const out = a.clone();
  for (let i = 0; i < out.words.length; i++) out.words[i]! &= ~b.words[i]!;
  return out;
}

/** The voxels that a mask does not hold. */
export function complement(mask: BitVolume): BitVolume {
  const out = new BitVolume(mask.shape);
  const { words, wordsPerRow } = out;
  const tail = -1 >>> ((32 - (mask.shape[2] & 31)) & 31);
  for (let i = 0; i < words.length; i++) words[i] = ~mask.words[i]!;
  for (let i = wordsPerRow - 1; i < words.length; i += wordsPerRow) words[i]! &= tail;
  return out;
}
