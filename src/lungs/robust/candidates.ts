import { largeComponents } from "../../ops/connected.ts";
import { intersect } from "../../ops/logic.ts";
import { extractRuns } from "../../ops/runs.ts";
import { type OptionTable, withDefaults } from "../../options.ts";
import type { BitVolume } from "../../volume/bit-volume.ts";
import type { Body } from "./body.ts";
import { below, type WorkGrid } from "./work-grid.ts";

/** What a body of air looks like. */
export interface AirBody {
  readonly mask: BitVolume;
  readonly voxels: number;
  /** Median, and the range of the middle half, HU. */
  readonly median: number;
  readonly range: number;
}

/** A lung at rest holds over a litre: parts of a fiftieth of that are worth a look, mm³ in an adult. */
const LEAST_PART = 20_000;
/** The larger lung holds at least this much air, even when most of it is diseased, mm³ in an adult. */
const LEAST_LUNG = 150_000;

/** Options of {@link lungBodies}. */
export const SEED_OPTIONS = {
  /** Share of the largest body's volume that a further one has at least. */
  leastShare: { default: 0.03, least: 0, most: 1, label: "Smallest share", by: 0.01 },
} as const satisfies OptionTable;

/** Options of {@link lungBodies}; those left out have their defaults. */
export interface SeedOptions {
  readonly leastShare?: number;
}

/**
 * The bodies of air that are lung: large in relation to the body, neither as dark and even as gas in bowel,
 * stomach or table, nor outside the body.
 *
 * @param air - air in the body less airways
 */
export function lungBodies(grid: WorkGrid, body: Body, air: BitVolume, options: SeedOptions = {}): AirBody[] {
  const { leastShare } = withDefaults(SEED_OPTIONS, options);
  const { spacing } = grid;
  const voxel = spacing[0] * spacing[1] * spacing[2];
  const least = (LEAST_PART * body.size ** 3) / voxel;
  const bodies = largeComponents(air, 6, least).map((mask) => describe(grid, mask));
  const lungs = bodies.filter(isLung);
  const largest = Math.max(0, ...lungs.map((b) => b.voxels));
  if (largest * voxel < LEAST_LUNG * body.size ** 3) return [];
  return lungs.filter((b) => b.voxels >= leastShare * largest);
}

/** Lung holds vessels and walls: its median lies above that of gas, or it is uneven. */
function isLung({ median, range }: AirBody): boolean {
  return median > -950 || range > 60;
}

function describe({ mean, shape }: WorkGrid, mask: BitVolume): AirBody {
  const { start, end, rowStart, planes, rowsPerPlane } = extractRuns(mask);
  const counts = new Int32Array(8192);
  let n = 0;
  for (let row = 0; row < planes * rowsPerPlane; row++) {
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      for (let x = start[i]!; x < end[i]!; x++) {
        const v = mean[row * shape[2] + x]!;
        n++;
        counts[v + 4096]!++;
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
    mask,
    voxels: n,
  };
}

/** Air in the body: below the middle between lung and tissue. */
export function airIn(grid: WorkGrid, body: BitVolume, limit: number): BitVolume {
  return intersect(below(grid.mean, grid.shape, limit), body);
}
