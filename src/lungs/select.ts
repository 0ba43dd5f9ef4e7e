import { invalidOption } from "../errors.ts";
import { componentSizes, drawComponents } from "../ops/components.ts";
import { type Components, labelRuns } from "../ops/label.ts";
import { dilate } from "../ops/morphology.ts";
import { pairwiseSum } from "../ops/pairwise-sum.ts";
import { extractRuns } from "../ops/runs.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import { type Triple, voxelVolume } from "../volume/volume.ts";

/** Volume that a body must have to count as lungs, litres; the published limits. */
export const VOLUME_LIMITS: readonly [litres: number, litres: number] = [0.68, 7.5];

/** Mean distance to the centre axis that a body must stay below, mm; the published limit. */
export const MAX_DISTANCE = 62;

/** Options of {@link selectBodies}; the defaults are the published ones. */
export interface SelectOptions {
  /** Smallest and largest volume of a body, both inclusive, litres. Default [0.68, 7.5]. */
  readonly volumeLimits?: readonly [litres: number, litres: number];
  /** A slice speaks for a body's distance when the body covers more than this there, mm². Default 6000. */
  readonly minSliceArea?: number;
  /** Mean distance to the centre axis that a body must stay below, mm. Default 62. */
  readonly maxDistance?: number;
}

/** What {@link selectBodies} found. */
export interface Selection {
  /** The kept bodies; the candidates without the cut slices when there is none. */
  readonly mask: BitVolume;
  /** Number of bodies that passed the rules; 0 when there is none. */
  readonly bodies: number;
  /** Slices that were cut from the top. */
  readonly cut: number;
  /** Volume of the largest body that does not touch the border, litres; 0 when there is none. */
  readonly largest: number;
  /**
   * Least mean distance to the centre axis among the bodies of the right volume, mm; Infinity when
   * none has it, or none covers a slice well enough to be measured.
   */
  readonly nearest: number;
}

/**
 * Selects the bodies that can be lungs: 6-connected components that do not hold a corner or a
 * mid-column border point of the first or the last uncut slice, whose volume lies within limits,
 * and which come near the centre axis. When slices are cut from the top, the pieces of the bodies
 * that lie there are put back afterwards.
 *
 * @param candidates - mask from `binarizePerSlice`
 * @param spacing - `[z, y, x]`, mm
 * @param cut - slices taken away at the top (the end of axis 0) before components are looked for
 * @throws PleuraError `invalid-option`
 */
export function selectBodies(candidates: BitVolume, spacing: Triple, cut = 0, options: SelectOptions = {}): Selection {
  const planes = candidates.shape[0];
  if (!(Number.isInteger(cut) && cut >= 0 && cut < planes))
    throw invalidOption("cut", `an integer from 0 to ${planes - 1}`, cut);
  const below = cut === 0 ? candidates : firstPlanes(candidates, planes - cut);
  const components = labelRuns(extractRuns(below), 6);
  const { kept, largest, nearest } = judge(components, below.shape, spacing, options);
  if (kept.length === 0) return { mask: padPlanes(below, planes), bodies: 0, cut, largest, nearest };
  const mask = padPlanes(drawComponents(components, kept, below.shape), planes);
  return { mask: cut === 0 ? mask : restoreTop(mask, candidates, cut), bodies: kept.length, cut, largest, nearest };
}

/**
 * Selects bodies with as few slices cut from the top as it takes, trying 0, `step`, 2 · `step` …
 * slices. Air that joins the lungs to the outside in the highest slices is thus left behind.
 *
 * @param step - slices that each try cuts more. Default 2
 * @returns the first selection with a body; when no cut leaves any, the one without a cut, with
 * the largest and the nearest body of all tries
 * @throws PleuraError `invalid-option`
 */
export function selectBodiesWithCuts(
  candidates: BitVolume,
  spacing: Triple,
  step = 2,
  options: SelectOptions = {},
): Selection {
  if (!(Number.isInteger(step) && step > 0)) throw invalidOption("step", "a positive integer (slices)", step);
  const whole = selectBodies(candidates, spacing, 0, options);
  if (whole.bodies > 0) return whole;
  // Taking slices from the top leaves the runs below and their order as they are, so each try
  // looks at a prefix of one list of runs.
  const runs = extractRuns(candidates);
  const [planes, ny, nx] = candidates.shape;
  let { largest, nearest } = whole;
  for (let cut = step; cut < planes; cut += step) {
    const prefix = { ...runs, planes: planes - cut, count: runs.rowStart[(planes - cut) * ny]! };
    const verdict = judge(labelRuns(prefix, 6), [planes - cut, ny, nx], spacing, options);
    if (verdict.kept.length > 0) return selectBodies(candidates, spacing, cut, options);
    largest = Math.max(largest, verdict.largest);
    nearest = Math.min(nearest, verdict.nearest);
  }
  return { ...whole, largest, nearest };
}

/** Finds the components that pass all rules, by their roots in scan order. */
function judge(
  components: Components,
  shape: Triple,
  spacing: Triple,
  options: SelectOptions,
): { kept: number[]; largest: number; nearest: number } {
  const { volumeLimits = VOLUME_LIMITS, minSliceArea = 6000, maxDistance = MAX_DISTANCE } = options;
  if (!(volumeLimits[0] <= volumeLimits[1])) {
    throw invalidOption("volumeLimits", "two ascending numbers (litres)", volumeLimits);
  }
  if (!(minSliceArea >= 0)) throw invalidOption("minSliceArea", "a number of at least 0 (mm²)", minSliceArea);
  if (!(maxDistance > 0)) throw invalidOption("maxDistance", "a positive number (mm)", maxDistance);
  const sizes = componentSizes(components);
  for (const root of borderComponents(components, shape)) sizes[root] = 0;
  const perVoxel = voxelVolume(spacing);
  const kept: number[] = [];
  let largest = 0;
  let nearest = Infinity;
  for (let i = 0; i < sizes.length; i++) {
    if (sizes[i] === 0) continue;
    const volume = sizes[i]! * perVoxel;
    largest = Math.max(largest, volume / 1e6);
    if (volume < volumeLimits[0] * 1e6 || volume > volumeLimits[1] * 1e6) continue;
    const distance = meanDistance(components, i, shape, spacing, minSliceArea);
    // A body that covers no slice well has no distance (NaN) and is not kept.
    if (distance < maxDistance) kept.push(i);
    if (distance < nearest) nearest = distance;
  }
  return { kept, largest, nearest };
}

/** Components that hold a corner or a mid-column border point of the first or the last slice. */
export function borderComponents({ runs, root }: Components, [nz, ny, nx]: Triple): Set<number> {
  const touched = new Set<number>();
  for (const z of [0, nz - 1]) {
    for (const y of [0, ny - 1]) {
      const row = z * ny + y;
      for (const x of [0, nx >> 1, nx - 1]) {
        for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
          if (runs.start[i]! <= x && x < runs.end[i]!) touched.add(root[i]!);
        }
      }
    }
  }
  return touched;
}

/**
 * Mean, over the slices that a component covers well, of its least distance to the centre axis,
 * mm; NaN where it covers none.
 */
function meanDistance(
  { runs, root }: Components,
  component: number,
  [nz, ny, nx]: Triple,
  spacing: Triple,
  minArea: number,
): number {
  const perPixel = Math.fround(Math.fround(spacing[1]) * Math.fround(spacing[2]));
  const distances: number[] = [];
  for (let z = 0; z < nz; z++) {
    let pixels = 0;
    let least = Infinity;
    for (let y = 0; y < ny; y++) {
      const dy = (y + 0.5 - ny / 2) * spacing[1];
      const row = z * ny + y;
      for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
        if (root[i] !== component) continue;
        pixels += runs.end[i]! - runs.start[i]!;
        // The pixel of the run that lies nearest to the middle column.
        const x = Math.min(Math.max(nx >> 1, runs.start[i]!), runs.end[i]! - 1);
        const dx = (x + 0.5 - nx / 2) * spacing[2];
        least = Math.min(least, Math.sqrt(dy * dy + dx * dx));
      }
    }
    if (pixels * perPixel > minArea) distances.push(least);
  }
  return pairwiseSum(distances) / distances.length;
}

/**
 * Puts back what the bodies have in the cut slices: candidates there within `cut` steps of a body,
 * as far as they are joined to a body's first voxel.
 */
function restoreTop(bodies: BitVolume, candidates: BitVolume, cut: number): BitVolume {
  const [nz, ny, nx] = bodies.shape;
  const plane = ny * bodies.wordsPerRow;
  // No step leads from below this slice into the cut ones.
  const bottom = Math.max(0, nz - 2 * cut);
  const top = new BitVolume([nz - bottom, ny, nx], bodies.words.slice(bottom * plane));
  const near = dilate(top, cut);
  const both = bodies.clone();
  for (let i = (nz - cut) * plane; i < both.words.length; i++) {
    both.words[i] = candidates.words[i]! & near.words[i - bottom * plane]!;
  }
  const before = labelRuns(extractRuns(bodies), 6);
  const after = labelRuns(extractRuns(both), 6);
  const good = new Set<number>();
  for (let row = 0; row < nz * ny; row++) {
    let j = after.runs.rowStart[row]!;
    for (let i = before.runs.rowStart[row]!; i < before.runs.rowStart[row + 1]!; i++) {
      if (before.root[i] !== i) continue;
      const x = before.runs.start[i]!;
      while (after.runs.end[j]! <= x) j++;
      good.add(after.root[j]!);
    }
  }
  return drawComponents(after, [...good], both.shape);
}

function firstPlanes(mask: BitVolume, planes: number): BitVolume {
  const [, ny, nx] = mask.shape;
  return new BitVolume([planes, ny, nx], mask.words.subarray(0, planes * ny * mask.wordsPerRow));
}

function padPlanes(mask: BitVolume, planes: number): BitVolume {
  if (mask.shape[0] === planes) return mask;
  const out = new BitVolume([planes, mask.shape[1], mask.shape[2]]);
  out.words.set(mask.words);
  return out;
}
