import { connectedTo } from "../../ops/connected.ts";
import { intersect, subtract } from "../../ops/logic.ts";
import { extractRuns } from "../../ops/runs.ts";
import { BitVolume } from "../../volume/bit-volume.ts";
import type { Volume } from "../../volume/volume.ts";

/** The voxels of a scan, within a mask of its shape, whose value lies below a limit. */
export function belowWithin(volume: Volume<Int16Array>, within: BitVolume, limit: number): BitVolume {
  const out = new BitVolume(within.shape);
  const { start, end, rowStart, planes, rowsPerPlane } = extractRuns(within);
  const nx = within.shape[2];
  for (let row = 0; row < planes * rowsPerPlane; row++) {
    const base = row * out.wordsPerRow;
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      for (let x = start[i]!; x < end[i]!; x++) {
        if (volume.voxels[row * nx + x]! < limit) out.words[base + (x >> 5)]! |= 1 << (x & 31);
      }
    }
  }
  return out;
}

/**
 * The same for means over 3 × 3 pixels of the slice, so that noise does not fray the border: the published rules
 * smooth with a Gaussian of one pixel. Pixels beyond the slice's border repeat.
 */
function meanBelowWithin({ voxels }: Volume<Int16Array>, within: BitVolume, limit: number): BitVolume {
  const out = new BitVolume(within.shape);
  const [, ny, nx] = within.shape;
  const { start, end, rowStart, planes, rowsPerPlane } = extractRuns(within);
  for (let row = 0; row < planes * rowsPerPlane; row++) {
    const base = row * out.wordsPerRow;
    const y = row % ny;
    const [up, down] = [y > 0 ? row - 1 : row, y + 1 < ny ? row + 1 : row];
    const column = (x: number) => voxels[up * nx + x]! + voxels[row * nx + x]! + voxels[down * nx + x]!;
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      for (let x = start[i]!; x < end[i]!; x++) {
        const sum = column(Math.max(0, x - 1)) + column(x) + column(Math.min(nx - 1, x + 1));
        if (sum < 9 * limit) out.words[base + (x >> 5)]! |= 1 << (x & 31);
      }
    }
  }
  return out;
}

/** What is known of the lungs before their border is drawn, on the scan's grid. */
export interface Bounds {
  /** All that is within the lungs for sure. */
  readonly sure: BitVolume;
  /** Where the border may run. */
  readonly maybe: BitVolume;
  /** Where there is ground glass next to it. */
  readonly glass: BitVolume;
}

/**
 * Draws the lungs' border on the scan's own voxels: what is surely within, and of its surroundings what is dark
 * and hangs together with it.
 *
 * @param limit - value below which a voxel is lung
 * @param glassLimit - the same next to ground glass
 */
export function drawBorder(
  volume: Volume<Int16Array>,
  { sure, maybe, glass }: Bounds,
  limit: number,
  glassLimit: number,
): BitVolume {
  const open = subtract(maybe, sure);
  const dark = meanBelowWithin(volume, open, limit).union(meanBelowWithin(volume, intersect(open, glass), glassLimit));
  return connectedTo(dark.union(sure), sure, 6);
}
