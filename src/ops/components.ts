import { kernels } from "../simd/kernels.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";
import type { Box } from "./box.ts";
import type { Components } from "./label.ts";
import { putRuns, setRun } from "./runs.ts";

/** Number of voxels of each component, at the index of its root; 0 elsewhere. */
export function componentSizes({ runs, root }: Components): Int32Array {
  const simd = kernels();
  if (simd !== undefined) {
    simd.begin();
    const { start, end } = putRuns(simd, runs);
    const roots = simd.put(root);
    const sizes = simd.zeros(4 * runs.count);
    simd.run.componentSizes(start, end, roots, runs.count, sizes);
    return simd.ints(sizes, runs.count).slice();
  }
  const size = new Int32Array(runs.count);
  for (let i = 0; i < runs.count; i++) size[root[i]!]! += runs.end[i]! - runs.start[i]!;
  return size;
}

/** What {@link componentMoments} gives. */
export interface Moments {
  /** The components' roots, in order. */
  readonly roots: Int32Array;
  /** Six sums for each of them. */
  readonly sums: Float64Array;
}

/**
 * Sums over each component of 1, y, x, yy, yx and xx, rows counted from the first of each plane:
 * integers and so exact.
 */
export function componentMoments({ runs, root }: Components): Moments {
  const { count, start, end, rowsPerPlane, rowStart, planes } = runs;
  const simd = kernels();
  if (simd !== undefined) {
    simd.begin();
    const at = putRuns(simd, runs);
    const roots = simd.put(root);
    const [place, found, sums] = [simd.reserve(4 * count), simd.reserve(4 * count), simd.reserve(48 * count)];
    const { run } = simd;
    const n = run.sumMoments(at.start, at.end, at.rowStart, planes, rowsPerPlane, roots, place, found, sums);
    return { roots: simd.ints(found, n).slice(), sums: new Float64Array(simd.buffer, sums, 6 * n).slice() };
  }
  const roots = Int32Array.from(root.keys()).filter((i) => root[i] === i);
  const place = new Int32Array(count);
  roots.forEach((i, k) => {
    place[i] = k;
  });
  const sums = new Float64Array(6 * roots.length);
  for (let row = 0; row < planes * rowsPerPlane; row++) {
    const y = row % rowsPerPlane;
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      const a = start[i]!;
      const b = end[i]! - 1;
      const n = b - a + 1;
      const sumX = ((a + b) * n) / 2;
      const at = 6 * place[root[i]!]!;
      sums[at]! += n;
      sums[at + 1]! += y * n;
      sums[at + 2]! += sumX;
      sums[at + 3]! += y * y * n;
      sums[at + 4]! += y * sumX;
      sums[at + 5]! += sumOfSquares(b) - sumOfSquares(a - 1);
    }
  }
  return { roots, sums };
}

/** 0² + 1² + … + n². */
function sumOfSquares(n: number): number {
  return (n * (n + 1) * (2 * n + 1)) / 6;
}

/** Which components lie within a box: 1 at the index of the root, 0 for those that reach out of it. */
export function componentsWithin({ runs, root }: Components, { low, high }: Box): Uint8Array {
  const { planes, rowsPerPlane, rowStart, start, end, count } = runs;
  const within = new Uint8Array(count).fill(1);
  const simd = kernels();
  if (simd !== undefined) {
    simd.begin();
    const at = putRuns(simd, runs);
    const roots = simd.put(root);
    const flags = simd.put(within);
    const [z0, y0, x0] = low;
    const [z1, y1, x1] = high;
    const { run } = simd;
    run.clearReaching(at.start, at.end, at.rowStart, planes, rowsPerPlane, roots, z0, z1, y0, y1, x0, x1, flags);
    within.set(simd.bytes(flags, count));
    return within;
  }
  for (let z = 0, row = 0; z < planes; z++) {
    for (let y = 0; y < rowsPerPlane; y++, row++) {
      const beyond = z < low[0] || z >= high[0] || y < low[1] || y >= high[1];
      for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
        if (beyond || start[i]! < low[2] || end[i]! > high[2]) within[root[i]!] = 0;
      }
    }
  }
  return within;
}

/**
 * The two largest components by number of voxels, the one that comes first in scan order first
 * among equals; -1 where there is none.
 */
export function twoLargest(sizes: Int32Array): [first: number, second: number] {
  let first = -1;
  let second = -1;
  for (let i = 0; i < sizes.length; i++) {
    const n = sizes[i]!;
    if (n === 0) continue;
    if (first < 0 || n > sizes[first]!) {
      second = first;
      first = i;
    } else if (second < 0 || n > sizes[second]!) second = i;
  }
  return [first, second];
}

/** A mask of the given shape that holds the chosen components, named by their roots. */
export function drawComponents(components: Components, chosen: readonly number[], shape: Triple): BitVolume {
  const wanted = new Uint8Array(components.runs.count);
  for (const i of chosen) wanted[i] = 1;
  return paintComponents(new BitVolume(shape), components, wanted);
}

/**
 * Adds components to a mask of their shape, in place.
 *
 * @param wanted - other than 0 at the indices of their roots
 * @returns the mask
 */
export function paintComponents(mask: BitVolume, { runs, root }: Components, wanted: Uint8Array): BitVolume {
  const { planes, rowsPerPlane, rowStart, start, end } = runs;
  const rows = planes * rowsPerPlane;
  const simd = kernels();
  if (simd !== undefined) {
    simd.begin();
    const at = putRuns(simd, runs);
    const roots = simd.put(root);
    const flags = simd.put(wanted);
    const words = simd.put(mask.words);
    simd.run.drawRuns(at.start, at.end, at.rowStart, rows, roots, flags, words, mask.wordsPerRow);
    mask.words.set(simd.words(words, mask.words.length));
    return mask;
  }
  for (let row = 0; row < rows; row++) {
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      if (wanted[root[i]!] !== 0) setRun(mask.words, row * mask.wordsPerRow, start[i]!, end[i]!);
    }
  }
  return mask;
}
