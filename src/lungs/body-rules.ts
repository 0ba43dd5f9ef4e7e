import type { Components } from "../ops/label.ts";
import { pairwiseSum } from "../ops/pairwise-sum.ts";
import type { Runs } from "../ops/runs.ts";
import { type AllOptionsOf, type OptionsOf, type OptionTable, withDefaults } from "../options.ts";
import { type Triple, voxelVolume } from "../volume/volume.ts";

/** What `selectBodies` can be told; the defaults are the published ones. */
export const SELECT_OPTIONS = {
  /** Smallest and largest volume of a body, both inclusive, litres. Default [0.68, 7.5]. */
  volumeLimits: {
    default: [0.68, 7.5],
    unit: "litres",
    least: 0,
    ascending: "loosely",
    label: ["Volume from", "Volume to"],
    by: 0.02,
  },
  /** A slice counts for a body's distance when the body covers more than this there, mm². Default 6000. */
  minSliceArea: { default: 6000, unit: "mm²", least: 0, label: "Slices that count, area above", by: 100 },
  /** Mean distance to the centre axis that a body must stay below, mm. Default 62. */
  maxDistance: { default: 62, unit: "mm", above: 0, label: "Distance to the axis below", by: 1 },
} as const satisfies OptionTable;

/** Options of `selectBodies`. */
export type SelectOptions = OptionsOf<typeof SELECT_OPTIONS>;

/** What a body has in one slice. */
export interface BodySlice {
  readonly pixels: number;
  /** Least squared distance of a pixel's centre to the centre axis, mm². */
  readonly nearest: number;
}

/** The rules by which a body counts as lungs. They remember the best of what they were asked about. */
export class BodyRules {
  private readonly perVoxel: number;
  private readonly perPixel: number;
  private readonly limits: AllOptionsOf<typeof SELECT_OPTIONS>;
  /** Volume of the largest body that was looked at, litres; 0 when there was none. */
  largest = 0;
  /** Least mean distance to the centre axis of a body of the right volume, mm; Infinity when there was none. */
  nearest = Infinity;

  /** @throws PleuraError `invalid-option` */
  constructor(spacing: Triple, options: SelectOptions) {
    this.limits = withDefaults(SELECT_OPTIONS, options);
    this.perVoxel = voxelVolume(spacing);
    this.perPixel = Math.fround(Math.fround(spacing[1]) * Math.fround(spacing[2]));
  }

  /** Whether a body of so many voxels has the right volume. */
  passesVolume(voxels: number): boolean {
    const volume = voxels * this.perVoxel;
    this.largest = Math.max(this.largest, volume / 1e6);
    const [smallest, largest] = this.limits.volumeLimits;
    return volume >= smallest * 1e6 && volume <= largest * 1e6;
  }

  /**
   * Whether a body comes near the centre axis: by the mean, over the slices that it covers well, of
   * its least distance there. A body that covers none well does not.
   *
   * @param slices - from the first on
   */
  passesDistance(slices: readonly BodySlice[]): boolean {
    const covered = slices.filter(({ pixels }) => pixels * this.perPixel > this.limits.minSliceArea);
    const distance = pairwiseSum(covered.map(({ nearest }) => Math.sqrt(nearest))) / covered.length;
    // NaN without such a slice.
    if (distance < this.nearest) this.nearest = distance;
    return distance < this.limits.maxDistance;
  }
}

/** Runs of a plane that hold a corner or the middle column of the first or the last row. */
export function borderRuns({ start, end, rowStart }: Runs, z: number, [, ny, nx]: Triple): number[] {
  const found: number[] = [];
  for (const y of [0, ny - 1]) {
    for (let i = rowStart[z * ny + y]!; i < rowStart[z * ny + y + 1]!; i++) {
      const holdsMiddle = start[i]! <= nx >> 1 && nx >> 1 < end[i]!;
      if (start[i] === 0 || end[i] === nx || holdsMiddle) found.push(i);
    }
  }
  return found;
}

/** Components that hold a corner or a mid-column border point of the first or the last slice. */
export function borderComponents({ runs, root }: Components, shape: Triple): Set<number> {
  const touched = new Set<number>();
  for (const z of [0, shape[0] - 1]) for (const i of borderRuns(runs, z, shape)) touched.add(root[i]!);
  return touched;
}

/**
 * What some components have in each slice, from their first slice on.
 *
 * @param chosen - their roots
 */
export function slicesOf(
  { runs, root }: Components,
  chosen: readonly number[],
  [nz, ny, nx]: Triple,
  spacing: Triple,
): BodySlice[][] {
  const slices = chosen.map((): BodySlice[] => []);
  if (chosen.length === 0) return slices;
  const place = new Int32Array(root.length).fill(-1);
  for (const [k, i] of chosen.entries()) place[i] = k;
  const pixels = new Int32Array(chosen.length);
  const nearest = new Float64Array(chosen.length);
  for (let z = 0; z < nz; z++) {
    const met: number[] = [];
    for (let y = 0; y < ny; y++) {
      const dy = (y + 0.5 - ny / 2) * spacing[1];
      for (let i = runs.rowStart[z * ny + y]!; i < runs.rowStart[z * ny + y + 1]!; i++) {
        const k = place[root[i]!]!;
        if (k < 0) continue;
        // The pixel of the run that lies nearest to the middle column.
        const x = Math.min(Math.max(nx >> 1, runs.start[i]!), runs.end[i]! - 1);
        const dx = (x + 0.5 - nx / 2) * spacing[2];
        if (pixels[k] === 0) {
          met.push(k);
          nearest[k] = Infinity;
        }
        pixels[k]! += runs.end[i]! - runs.start[i]!;
        nearest[k] = Math.min(nearest[k]!, dy * dy + dx * dx);
      }
    }
    for (const k of met) {
      slices[k]!.push({ pixels: pixels[k]!, nearest: nearest[k]! });
      pixels[k] = 0;
    }
  }
  return slices;
}
