import { type BitVolume, popcount } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";
import type { Lungs } from "./types.ts";

/**
 * How much lung lies on the first and the last slice of a scan: next to nothing when the scan
 * shows the lungs whole.
 *
 * @param spacing - of the scan, millimetres
 * @returns square centimetres on the slice at the feet's end, then on that at the head's end
 */
export function endAreas({ lung1, lung2 }: Lungs, spacing: Triple): [feet: number, head: number] {
  const pixel = (spacing[1] * spacing[2]) / 100;
  const area = (z: number): number => (countSlice(lung1, z) + countSlice(lung2, z)) * pixel;
  return [area(0), area(lung1.shape[0] - 1)];
}

function countSlice({ words, wordsPerRow, shape }: BitVolume, z: number): number {
  const size = shape[1] * wordsPerRow;
  let count = 0;
  for (let i = z * size; i < (z + 1) * size; i++) count += popcount(words[i]!);
  return count;
}
