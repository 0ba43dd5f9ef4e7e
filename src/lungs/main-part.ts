import { invalidOption } from "../errors.ts";
import { componentSizes, drawComponents, twoLargest } from "../ops/components.ts";
import { convexHullRows, type HullRows } from "../ops/convex-hull.ts";
import { labelRuns } from "../ops/label.ts";
import { clearRun, extractRuns, type Runs, setRun } from "../ops/runs.ts";
import type { BitVolume } from "../volume/bit-volume.ts";

/**
 * Reduces a mask to its main part. Slice by slice the largest 8-connected components are taken
 * until they make up a share of the slice's area, and what lies outside all their convex hulls is
 * cleared; then only the largest 26-connected body stays.
 *
 * @param cover - share of a slice's area that the chosen components must reach, above 0, at most 1. Default 0.95
 * @returns a new mask of the same shape; empty for an empty mask
 * @throws PleuraError `invalid-option`
 */
export function mainPart(mask: BitVolume, cover = 0.95): BitVolume {
  if (!(cover > 0 && cover <= 1)) throw invalidOption("cover", "a number above 0 and at most 1", cover);
  const trimmed = mask.clone();
  const runs = extractRuns(mask);
  const components = labelRuns(runs, 8);
  const sizes = componentSizes(components);
  for (let z = 0; z < runs.planes; z++) trimSlice(trimmed, runs, components.root, sizes, z, cover);
  return largestBody(trimmed);
}

function trimSlice(out: BitVolume, runs: Runs, root: Int32Array, sizes: Int32Array, z: number, cover: number): void {
  const { rowStart, rowsPerPlane, start, end } = runs;
  const firstRow = z * rowsPerPlane;
  const from = rowStart[firstRow]!;
  const to = rowStart[firstRow + rowsPerPlane]!;
  const roots: number[] = [];
  let total = 0;
  for (let i = from; i < to; i++) {
    if (root[i] !== i) continue;
    roots.push(i);
    total += sizes[i]!;
  }
  if (roots.length < 2) return;
  // A stable sort: among equals the one that comes first in scan order, as in the published code.
  roots.sort((a, b) => sizes[b]! - sizes[a]!);
  let chosen = 0;
  for (let sum = 0; sum < total * cover; chosen++) sum += sizes[roots[chosen]!]!;
  if (chosen === roots.length) return;
  // A component lies within its own hull, so only the others can lose anything.
  const kept = new Set(roots.slice(0, chosen));
  const hulls = roots.slice(0, chosen).map((r) => hullOf(runs, root, r, firstRow));
  for (let y = 0; y < rowsPerPlane; y++) {
    const row = firstRow + y;
    const base = row * out.wordsPerRow;
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      if (kept.has(root[i]!)) continue;
      clearRun(out.words, base, start[i]!, end[i]!);
      for (const { top, left, right } of hulls) {
        const k = y - top;
        if (k < 0 || k >= left.length) continue;
        const a = Math.max(start[i]!, left[k]!);
        const b = Math.min(end[i]!, right[k]! + 1);
        if (a < b) setRun(out.words, base, a, b);
      }
    }
  }
}

/** Convex hull of one component of a slice; rows count from the slice's first. */
function hullOf(
  { start, end, rowStart, rowsPerPlane }: Runs,
  root: Int32Array,
  component: number,
  firstRow: number,
): HullRows {
  const first: number[] = [];
  const last: number[] = [];
  let top = -1;
  for (let y = 0; y < rowsPerPlane; y++) {
    let a = -1;
    let b = -2;
    for (let i = rowStart[firstRow + y]!; i < rowStart[firstRow + y + 1]!; i++) {
      if (root[i] !== component) continue;
      if (a < 0) a = start[i]!;
      b = end[i]! - 1;
    }
    if (a < 0) {
      if (top >= 0) break;
      continue;
    }
    if (top < 0) top = y;
    first.push(a);
    last.push(b);
  }
  return convexHullRows(top, Int32Array.from(first), Int32Array.from(last));
}

/** The largest 26-connected component, the first in scan order among equals. */
function largestBody(mask: BitVolume): BitVolume {
  const components = labelRuns(extractRuns(mask), 26);
  const [largest] = twoLargest(componentSizes(components));
  return drawComponents(components, largest < 0 ? [] : [largest], mask.shape);
}
