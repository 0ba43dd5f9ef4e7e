import { intersect, subtract } from "../../ops/logic.ts";
import { connectedTo } from "../../ops/connected.ts";
import { BitVolume } from "../../volume/bit-volume.ts";
import type { Volume } from "../../volume/volume.ts";
import { extractRuns } from "../../ops/runs.ts";

/**
 * The voxels of a scan, within a mask, whose value lies below a limit.
 */
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
 * Lungs on the scan's own voxels: all that is surely within, and of its surroundings what is dark and hangs
 * together with it.
 */
export function refine(volume: Volume<Int16Array>, sure: BitVolume, maybe: BitVolume, limit: number, glass: BitVolume, glassLimit: number): BitVolume {
  const rest = subtract(maybe, sure);
  const dark = belowWithin(volume, rest, limit).union(sure).union(belowWithin(volume, intersect(rest, glass), glassLimit));
  return connectedTo(dark, sure, 6);
}

export { intersect };
