import { BitVolume } from "../volume/bit-volume.ts";
import { extractRuns, setRun } from "./runs.ts";

/**
 * Dilation by a box: true wherever a true voxel lies within `radius[i]` voxels along every axis.
 *
 * @param radius - half sides of the box, voxels, `[z, y, x]`
 * @returns a new mask of the same shape
 */
export function boxDilate(mask: BitVolume, radius: readonly [z: number, y: number, x: number]): BitVolume {
  const [nz, ny] = mask.shape;
  const n = mask.wordsPerRow;
  const out = widenRows(mask, radius[2]);
  spread(out.words, nz, ny * n, n, ny, radius[1]);
  spread(out.words, 1, 0, ny * n, nz, radius[0]);
  return out;
}

function widenRows(mask: BitVolume, radius: number): BitVolume {
  const out = new BitVolume(mask.shape);
  const nx = mask.shape[2];
  const { start, end, rowStart, planes, rowsPerPlane } = extractRuns(mask);
  for (let row = 0; row < planes * rowsPerPlane; row++) {
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      setRun(out.words, row * out.wordsPerRow, Math.max(0, start[i]! - radius), Math.min(nx, end[i]! + radius));
    }
  }
  return out;
}

/**
 * Ors blocks of words with their neighbours up to `radius` blocks away, in place, in each of
 * `groups` groups that lie `pitch` words apart. A step to either side may be one longer than what
 * was reached before: a longer one would lose what a window beyond the end holds within.
 */
function spread(
  words: Uint32Array,
  groups: number,
  pitch: number,
  block: number,
  blocks: number,
  radius: number,
): void {
  const before = new Uint32Array(block * blocks);
  for (let reached = 0; reached < radius; ) {
    const step = Math.min(reached + 1, radius - reached);
    const away = step * block;
    for (let g = 0; g < groups; g++) {
      const base = g * pitch;
      before.set(words.subarray(base, base + before.length));
      for (let i = away; i < before.length; i++) {
        words[base + i]! |= before[i - away]!;
        words[base + i - away]! |= before[i]!;
      }
    }
    reached += step;
  }
}
