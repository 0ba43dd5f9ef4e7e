import { kernels } from "../simd/kernels.ts";
import { putRuns, type Runs } from "./runs.ts";

/**
 * Which voxels count as neighbours. In three dimensions 6 (faces), 18 (faces and edges) or 26
 * (faces, edges and corners); 8 takes every plane for itself and joins across edges and corners.
 */
export type Connectivity = 6 | 8 | 18 | 26;

/** Connected components of a mask's runs. */
export interface Components {
  readonly runs: Runs;
  /**
   * For each run the first run, in scan order, of its component. A component goes by that number,
   * so ascending numbers are the order in which scikit-image numbers its labels.
   */
  readonly root: Int32Array;
}

/**
 * Finds the connected components by union-find on runs.
 *
 * Two runs of neighbouring rows touch when their columns overlap, with one column's grace on
 * either side where the connectivity joins diagonally within the two rows.
 */
export function labelRuns(runs: Runs, connectivity: Connectivity): Components {
  const inPlane = connectivity === 6 ? 0 : 1;
  // −1: rows that are not neighbours at all.
  const straight = connectivity === 8 ? -1 : connectivity === 6 ? 0 : 1;
  const diagonal = connectivity === 26 ? 1 : connectivity === 18 ? 0 : -1;
  return { runs, root: kernelRoots(runs, inPlane, straight, diagonal) ?? roots(runs, inPlane, straight, diagonal) };
}

function roots(runs: Runs, inPlane: number, straight: number, diagonal: number): Int32Array {
  const { planes, rowsPerPlane, rowStart } = runs;
  const parent = new Int32Array(runs.count);
  for (let i = 0; i < parent.length; i++) parent[i] = i;
  for (let z = 0, row = 0; z < planes; z++) {
    for (let y = 0; y < rowsPerPlane; y++, row++) {
      if (rowStart[row] === rowStart[row + 1]) continue;
      if (y > 0) uniteRows(runs, parent, row - 1, row, inPlane);
      if (z === 0) continue;
      const below = row - rowsPerPlane;
      if (straight >= 0) uniteRows(runs, parent, below, row, straight);
      if (diagonal >= 0) {
        if (y > 0) uniteRows(runs, parent, below - 1, row, diagonal);
        if (y + 1 < rowsPerPlane) uniteRows(runs, parent, below + 1, row, diagonal);
      }
    }
  }
  // Parents precede their children, so one pass leads every run to its root.
  for (let i = 0; i < parent.length; i++) parent[i] = parent[parent[i]!]!;
  return parent;
}

/** The same by kernels/components.ts. */
function kernelRoots(runs: Runs, inPlane: number, straight: number, diagonal: number): Int32Array | undefined {
  const simd = kernels();
  if (simd === undefined) return undefined;
  const { planes, rowsPerPlane, count } = runs;
  simd.begin();
  const { start, end, rowStart } = putRuns(simd, runs);
  const parent = simd.reserve(4 * count);
  simd.run.labelComponents(start, end, rowStart, planes, rowsPerPlane, inPlane, straight, diagonal, parent);
  return simd.ints(parent, count).slice();
}

/**
 * Unites the runs of two rows that touch. A component's root is always its smallest run.
 *
 * @param reach - 0: columns must overlap; 1: columns next to each other touch too
 */
function uniteRows(runs: Runs, parent: Int32Array, rowA: number, rowB: number, reach: number): void {
  const { start, end, rowStart } = runs;
  let a = rowStart[rowA]!;
  let b = rowStart[rowB]!;
  const lastA = rowStart[rowA + 1]!;
  const lastB = rowStart[rowB + 1]!;
  while (a < lastA && b < lastB) {
    const endA = end[a]!;
    const endB = end[b]!;
    if (endA + reach <= start[b]!) a++;
    else if (endB + reach <= start[a]!) b++;
    else {
      unite(parent, a, b);
      if (endA < endB) a++;
      else b++;
    }
  }
}

/** The root of a run while components are still being united. */
function findRoot(parent: Int32Array, i: number): number {
  let p = parent[i]!;
  while (p !== i) {
    const grand = parent[p]!;
    parent[i] = grand;
    i = grand;
    p = parent[i]!;
  }
  return i;
}

/** Unites two runs' components under the smaller root. */
function unite(parent: Int32Array, a: number, b: number): void {
  const rootA = findRoot(parent, a);
  const rootB = findRoot(parent, b);
  if (rootA < rootB) parent[rootB] = rootA;
  else if (rootB < rootA) parent[rootA] = rootB;
}
