import { boundingBox, cutOut, pasteInto, workingBox } from "../ops/box.ts";
import { convexHullRows, hullArea } from "../ops/convex-hull.ts";
import { dilate } from "../ops/morphology.ts";
import { setRun } from "../ops/runs.ts";
import { type OptionsOf, type OptionTable, withDefaults } from "../options.ts";
import { type Kernels, kernels } from "../simd/kernels.ts";
import { type BitVolume, popcount } from "../volume/bit-volume.ts";

/** What {@link dilatedHull} can be told; the defaults are the published ones. */
export const HULL_OPTIONS = {
  /** A slice's hull is dropped when its area exceeds this many times the mask's. Default 2. */
  maxAreaRatio: { default: 2, least: 0, label: "Hull at most, times the lung", by: 0.1 },
  /** 6-connected dilations after the hulls. Default 10. */
  iterations: { default: 10, least: 0, whole: true, label: "Dilations", by: 1 },
} as const satisfies OptionTable;

/** Options of {@link dilatedHull}. */
export type DilatedHullOptions = OptionsOf<typeof HULL_OPTIONS>;

/**
 * Widens a lung's mask to the space in which its nodules may lie: the convex hull of every slice,
 * where that is not too much larger than the slice's mask, dilated in three dimensions.
 *
 * @returns a new mask of the same shape
 * @throws PleuraError `invalid-option`
 */
export function dilatedHull(mask: BitVolume, options: DilatedHullOptions = {}): BitVolume {
  const { maxAreaRatio, iterations } = withDefaults(HULL_OPTIONS, options);
  const tight = boundingBox(mask);
  if (tight === undefined) return mask.clone();
  const box = workingBox(tight, mask.shape, [iterations, iterations, iterations]);
  const part = cutOut(mask, box);
  const simd = kernels();
  if (simd !== undefined) fillHullsWith(simd, part, maxAreaRatio);
  else for (let z = 0; z < part.shape[0]; z++) fillHull(part, z, maxAreaRatio);
  return pasteInto(mask.shape, dilate(part, iterations), box);
}

/** The same as {@link fillHull} for every slice, by kernels/convex-hull.ts. */
function fillHullsWith(simd: Kernels, { words, wordsPerRow, shape: [nz, ny] }: BitVolume, maxAreaRatio: number): void {
  simd.begin();
  const mask = simd.put(words);
  simd.run.fillHulls(mask, nz, ny, wordsPerRow, maxAreaRatio, simd.reserve(64 * ny));
  words.set(simd.words(mask, words.length));
}

/** Replaces a slice by its convex hull unless the hull is too large. */
function fillHull(mask: BitVolume, z: number, maxAreaRatio: number): void {
  const [, ny] = mask.shape;
  const { words, wordsPerRow } = mask;
  const first = new Int32Array(ny);
  const last = new Int32Array(ny).fill(-1);
  let top = -1;
  let bottom = -1;
  let area = 0;
  for (let y = 0, i = z * ny * wordsPerRow; y < ny; y++) {
    for (let w = 0; w < wordsPerRow; w++, i++) {
      const bits = words[i]!;
      if (bits === 0) continue;
      if (last[y]! < 0) first[y] = w * 32 + 31 - Math.clz32(bits & -bits);
      last[y] = w * 32 + 31 - Math.clz32(bits);
      area += popcount(bits);
    }
    if (last[y]! < 0) continue;
    if (top < 0) top = y;
    bottom = y;
  }
  if (top < 0) return;
  const hull = convexHullRows(top, first.subarray(top, bottom + 1), last.subarray(top, bottom + 1));
  if (hullArea(hull) > maxAreaRatio * area) return;
  for (let k = 0; k < hull.left.length; k++) {
    setRun(words, (z * ny + top + k) * wordsPerRow, hull.left[k]!, hull.right[k]! + 1);
  }
}
