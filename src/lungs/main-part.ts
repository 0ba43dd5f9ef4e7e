import { componentSizes, drawComponents, twoLargest } from "../ops/components.ts";
import { convexHullRows } from "../ops/convex-hull.ts";
import { type Components, labelRuns } from "../ops/label.ts";
import { clearOutside, extractRuns, type Runs, setRun } from "../ops/runs.ts";
import { checkOption, type Option } from "../options.ts";
import { BitVolume } from "../volume/bit-volume.ts";

/** Share of a slice's area that its main components must reach; the default is the published one. */
export const COVER = {
  default: 0.95,
  above: 0,
  most: 1,
  label: "Share to be covered",
  by: 0.01,
} as const satisfies Option;

/**
 * Reduces a mask to its main part. Slice by slice the largest 8-connected components are taken
 * until they make up a share of the slice's area, and what lies outside all their convex hulls is
 * cleared; then only the largest 26-connected body stays.
 *
 * @param cover - share of a slice's area that the chosen components must reach, above 0, at most 1. Default 0.95
 * @returns a new mask of the same shape; empty for an empty mask
 * @throws PleuraError `invalid-option`
 */
export function mainPart(mask: BitVolume, cover: number = COVER.default): BitVolume {
  checkOption("cover", COVER, cover);
  const trimmed = mask.clone();
  const components = labelRuns(extractRuns(mask), 8);
  const sizes = componentSizes(components);
  const hulls = new BitVolume([1, mask.shape[1], mask.shape[2]]);
  for (let z = 0; z < mask.shape[0]; z++) {
    const chosen = chooseMain(components, sizes, z, cover);
    if (chosen !== undefined) trimSlice(trimmed, components, chosen, z, hulls);
  }
  return largestBody(trimmed);
}

/** The components, by their roots, that make up the main part of a slice; undefined when all do. */
function chooseMain({ runs, root }: Components, sizes: Int32Array, z: number, cover: number): Set<number> | undefined {
  const { rowStart, rowsPerPlane } = runs;
  const roots: number[] = [];
  let total = 0;
  for (let i = rowStart[z * rowsPerPlane]!; i < rowStart[(z + 1) * rowsPerPlane]!; i++) {
    if (root[i] !== i) continue;
    roots.push(i);
    total += sizes[i]!;
  }
  if (roots.length < 2) return undefined;
  // A stable sort: among equals the one that comes first in scan order, as in the published code.
  roots.sort((a, b) => sizes[b]! - sizes[a]!);
  let count = 0;
  for (let sum = 0; sum < total * cover; count++) sum += sizes[roots[count]!]!;
  return count === roots.length ? undefined : new Set(roots.slice(0, count));
}

/**
 * Clears, in a slice, what lies outside all convex hulls of the chosen components.
 *
 * @param hulls - a slice of its own, for the hulls
 */
function trimSlice(
  out: BitVolume,
  { runs, root }: Components,
  chosen: ReadonlySet<number>,
  z: number,
  hulls: BitVolume,
): void {
  const { rowStart, rowsPerPlane, start, end } = runs;
  const { wordsPerRow } = out;
  hulls.words.fill(0);
  for (const { top, first, last } of outlines(runs, root, chosen, z)) {
    const { left, right } = convexHullRows(top, Int32Array.from(first), Int32Array.from(last));
    for (let k = 0; k < left.length; k++) setRun(hulls.words, (top + k) * wordsPerRow, left[k]!, right[k]! + 1);
  }
  for (let y = 0; y < rowsPerPlane; y++) {
    const row = z * rowsPerPlane + y;
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      // A component lies within its own hull, so only the others can lose anything.
      if (!chosen.has(root[i]!))
        clearOutside(out.words, row * wordsPerRow, start[i]!, end[i]!, hulls.words, y * wordsPerRow);
    }
  }
}

/** First and last column of a component in each of its rows, from the first row, counted from the slice's, on. */
interface Outline {
  readonly top: number;
  readonly first: number[];
  readonly last: number[];
}

/** The outlines of some components of a slice; those of one row are left out, since their hull holds nothing else. */
function outlines(runs: Runs, root: Int32Array, chosen: ReadonlySet<number>, z: number): Outline[] {
  const { rowStart, rowsPerPlane, start, end } = runs;
  const found = new Map<number, Outline>();
  for (let y = 0; y < rowsPerPlane; y++) {
    const row = z * rowsPerPlane + y;
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      const component = root[i]!;
      if (!chosen.has(component)) continue;
      // A root is its component's first run, and an 8-connected component leaves out no row.
      if (component === i) found.set(i, { top: y, first: [], last: [] });
      const { top, first, last } = found.get(component)!;
      if (first.length === y - top) first.push(start[i]!);
      last[y - top] = end[i]! - 1;
    }
  }
  return [...found.values()].filter(({ first }) => first.length > 1);
}

/** The largest 26-connected component, the first in scan order among equals. */
function largestBody(mask: BitVolume): BitVolume {
  const components = labelRuns(extractRuns(mask), 26);
  const [largest] = twoLargest(componentSizes(components));
  return drawComponents(components, largest < 0 ? [] : [largest], mask.shape);
}
