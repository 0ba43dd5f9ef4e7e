import { openBall } from "../../ops/ball.ts";
import { connectedTo, largeComponents } from "../../ops/connected.ts";
import { intersect } from "../../ops/logic.ts";
import { extractRuns } from "../../ops/runs.ts";
import { BitVolume } from "../../volume/bit-volume.ts";
import type { Body } from "./body.ts";
import { below, type WorkGrid } from "./work-grid.ts";

/** What a body of air looks like. */
export interface AirBody {
  readonly mask: BitVolume;
  readonly voxels: number;
  /** Mean of the blocks' means, HU. */
  readonly mean: number;
  /** Their standard deviation, and the mean by which a block's greatest value lies above its mean: texture, HU. */
  readonly spread: number;
  readonly texture: number;
  /** Median, and the range of the middle half, HU. */
  readonly median: number;
  readonly range: number;
}

/** Share of the largest lung's volume that a second one has at least. */
export const LEAST_SHARE = 0.03;

/**
 * The bodies of air that are lung: large in relation to the body, neither as dark and even as gas in bowel,
 * stomach or table, nor outside the body.
 *
 * @param air - air in the body less airways
 */
export function lungBodies(grid: WorkGrid, body: Body, air: BitVolume): AirBody[] {
  const { spacing } = grid;
  const voxel = spacing[0] * spacing[1] * spacing[2];
  // A lung at rest holds over a litre; a fiftieth of that, in proportion to the body, is worth a look.
  const least = (20_000 * body.size ** 3) / voxel;
  const bodies = largeComponents(air, 6, least).map((mask) => describe(grid, mask));
  const lungs = bodies.filter(isLung);
  const largest = Math.max(0, ...lungs.map((b) => b.voxels));
  return lungs.filter((b) => b.voxels >= LEAST_SHARE * largest);
}

/** Lung holds vessels and walls: its mean lies above that of gas, and it is uneven. */
export function isLung({ median: mean, range: spread }: AirBody): boolean {
  return mean > -950 || spread > 60;
}

export function describe({ mean, most, shape }: WorkGrid, mask: BitVolume): AirBody {
  const { start, end, rowStart, planes, rowsPerPlane } = extractRuns(mask);
  const counts = new Int32Array(8192);
  let [n, sum, squares, texture] = [0, 0, 0, 0];
  for (let row = 0; row < planes * rowsPerPlane; row++) {
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      for (let x = start[i]!; x < end[i]!; x++) {
        const v = mean[row * shape[2] + x]!;
        n++;
        counts[v + 4096]!++;
        sum += v;
        squares += v * v;
        texture += most[row * shape[2] + x]! - v;
      }
    }
  }
  const quantile = (q: number) => {
    let k = 0;
    for (let seen = counts[0]!; seen < q * n; seen += counts[k]!) k++;
    return k - 4096;
  };
  return {
    median: quantile(0.5),
    range: quantile(0.75) - quantile(0.25),
    mask, voxels: n, mean: sum / n, spread: Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2)), texture: texture / n };
}

/** Air in the body: below the middle between lung and tissue. */
export function airIn(grid: WorkGrid, body: BitVolume, limit: number): BitVolume {
  return intersect(below(grid.mean, grid.shape, limit), body);
}

/** What of the air a ball of some millimetres can reach, with what hangs on it: thin gaps are left. */
export function thick(grid: WorkGrid, air: BitVolume, radius: number): BitVolume {
  return connectedTo(air, openBall(air, grid.spacing, radius), 6);
}

export { BitVolume };
