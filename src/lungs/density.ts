import { extractRuns } from "../ops/runs.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import { type Volume, voxelVolume } from "../volume/volume.ts";
import type { LungSides } from "./sides.ts";

/** What the voxels of a lung hold; every voxel of the mask counts, vessels and airways within it too. */
export interface LungDensity {
  readonly voxels: number;
  /** Hounsfield units. */
  readonly meanHu: number;
  /** Standard deviation of all voxels, HU. */
  readonly sdHu: number;
  /** The lowest value that at least this percentage of the voxels does not exceed, HU. */
  readonly percentilesHu: Readonly<Record<`p${(typeof PERCENTS)[number]}`, number>>;
  /** Percentage of voxels below -950 HU: %LAA-950. */
  readonly laa950: number;
  /** Percentage of voxels below -910 HU: %LAA-910. */
  readonly laa910: number;
  /** Percentage of voxels from -600 to -250 HU, both included: high-attenuation areas. */
  readonly haa: number;
  /** Mass of air and tissue, where -1000 HU weighs nothing and 0 HU 1 g/mL; what is below weighs nothing. Grams. */
  readonly massG: number;
}

/** {@link LungDensity} of the right lung, the left one and both; `null` for an empty one. */
export interface LungDensities {
  readonly right: LungDensity | null;
  readonly left: LungDensity | null;
  readonly both: LungDensity | null;
}

/** The percentiles that are given. */
export const PERCENTS = [5, 10, 15, 25, 50, 75, 90, 95] as const;

const LOWEST = -32768;
const VALUES = 65536;

/**
 * Densitometry of the lungs on the scan's own voxels.
 *
 * Source of the thresholds: Gevenois et al., Am J Respir Crit Care Med 1996 (-950); Müller et al., Chest 1988 (-910);
 * Lederer et al., Am J Respir Crit Care Med 2009 (-600 to -250).
 *
 * @param volume - HU
 * @param sides - masks on the volume's grid
 */
export function lungDensities(volume: Volume<Int16Array>, { right, left }: LungSides): LungDensities {
  const histograms = [histogramOf(volume, right), histogramOf(volume, left)] as const;
  const both = histograms[0].slice();
  for (let i = 0; i < VALUES; i++) both[i]! += histograms[1][i]!;
  const millilitres = voxelVolume(volume.spacing) / 1000;
  const [r, l, all] = [...histograms, both].map((histogram) => densityOf(histogram, millilitres));
  return { right: r!, left: l!, both: all! };
}

/** How often each value from {@link LOWEST} on lies within a mask. */
function histogramOf({ voxels }: Volume<Int16Array>, mask: BitVolume): Uint32Array {
  const counts = new Uint32Array(VALUES);
  const { start, end, rowStart, planes, rowsPerPlane } = extractRuns(mask);
  const width = mask.shape[2];
  for (let row = 0; row < planes * rowsPerPlane; row++) {
    const offset = row * width;
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      const last = offset + end[i]!;
      for (let at = offset + start[i]!; at < last; at++) counts[voxels[at]! - LOWEST]!++;
    }
  }
  return counts;
}

function densityOf(histogram: Uint32Array, millilitres: number): LungDensity | null {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let [sum, mass, low950, low910, high] = [0, 0, 0, 0, 0];
  for (let i = 0; i < VALUES; i++) {
    const count = histogram[i]!;
    if (count === 0) continue;
    const hu = i + LOWEST;
    sum += count * hu;
    mass += count * Math.max(0, hu + 1000);
    if (hu < -950) low950 += count;
    if (hu < -910) low910 += count;
    if (hu >= -600 && hu <= -250) high += count;
  }
  const mean = sum / total;
  let squares = 0;
  for (let i = 0; i < VALUES; i++) if (histogram[i] !== 0) squares += histogram[i]! * (i + LOWEST - mean) ** 2;
  return {
    voxels: total,
    meanHu: rounded(mean, 2),
    sdHu: rounded(Math.sqrt(squares / total), 2),
    percentilesHu: percentiles(histogram, total),
    laa950: rounded((100 * low950) / total, 3),
    laa910: rounded((100 * low910) / total, 3),
    haa: rounded((100 * high) / total, 3),
    massG: rounded((mass / 1000) * millilitres, 2),
  };
}

function percentiles(histogram: Uint32Array, total: number): LungDensity["percentilesHu"] {
  const found: Partial<Record<`p${(typeof PERCENTS)[number]}`, number>> = {};
  let [i, below] = [0, histogram[0]!];
  for (const percent of PERCENTS) {
    while (100 * below < percent * total) below += histogram[++i]!;
    found[`p${percent}`] = i + LOWEST;
  }
  return found as LungDensity["percentilesHu"];
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
