// Connected components of runs: src/ops/label.ts and src/ops/components.ts.

import { setRun } from "./runs";

/**
 * Connected components by union-find. Reaches as in src/ops/label.ts: within a plane, straight up
 * and diagonally up; -1 leaves a kind of neighbour out.
 *
 * @param parent - int32[count]; receives the first run of each run's component
 */
export function labelComponents(
  start: usize,
  end: usize,
  rowStart: usize,
  planes: i32,
  rowsPerPlane: i32,
  inPlane: i32,
  straight: i32,
  diagonal: i32,
  parent: usize,
): void {
  const count = load<i32>(rowStart + ((<usize>(planes * rowsPerPlane)) << 2));
  for (let i = 0; i < count; i++) store<i32>(parent + ((<usize>i) << 2), i);
  for (let z = 0, row = 0; z < planes; z++) {
    for (let y = 0; y < rowsPerPlane; y++, row++) {
      if (load<i32>(rowStart + ((<usize>row) << 2)) == load<i32>(rowStart + ((<usize>row) << 2), 4)) continue;
      if (y > 0) uniteRows(start, end, rowStart, parent, row - 1, row, inPlane);
      if (z == 0) continue;
      const below = row - rowsPerPlane;
      if (straight >= 0) uniteRows(start, end, rowStart, parent, below, row, straight);
      if (diagonal >= 0) {
        if (y > 0) uniteRows(start, end, rowStart, parent, below - 1, row, diagonal);
        if (y + 1 < rowsPerPlane) uniteRows(start, end, rowStart, parent, below + 1, row, diagonal);
      }
    }
  }
  for (let i = 0; i < count; i++) {
    const at = parent + ((<usize>i) << 2);
    store<i32>(at, load<i32>(parent + ((<usize>load<i32>(at)) << 2)));
  }
}

/** Adds up each component's voxels, at the index of its root. */
export function componentSizes(start: usize, end: usize, root: usize, count: i32, sizes: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) {
    const at = sizes + ((<usize>load<i32>(root + (i << 2))) << 2);
    store<i32>(at, load<i32>(at) + load<i32>(end + (i << 2)) - load<i32>(start + (i << 2)));
  }
}

/** Clears the flags, a byte at the root, of the components with a run that reaches out of a box. */
export function clearReaching(
  start: usize,
  end: usize,
  rowStart: usize,
  planes: i32,
  rowsPerPlane: i32,
  root: usize,
  z0: i32,
  z1: i32,
  y0: i32,
  y1: i32,
  x0: i32,
  x1: i32,
  flags: usize,
): void {
  let i: usize = 0;
  for (let z = 0, row: usize = 0; z < planes; z++) {
    for (let y = 0; y < rowsPerPlane; y++, row++) {
      const beyond = z < z0 || z >= z1 || y < y0 || y >= y1;
      const last = <usize>load<i32>(rowStart + (row << 2), 4);
      for (; i < last; i++) {
        if (beyond || load<i32>(start + (i << 2)) < x0 || load<i32>(end + (i << 2)) > x1) {
          store<u8>(flags + <usize>load<i32>(root + (i << 2)), 0);
        }
      }
    }
  }
}

/**
 * Sums over each component of 1, y, x, yy, yx and xx, y counted from its plane's first row.
 *
 * @param place - int32[runs], scratch: where the sums of the component of each root lie
 * @param roots - int32[runs]: receives the components' roots, in order
 * @param sums - f64[6 * runs]: receives six sums for each of them
 * @returns number of components
 */
export function sumMoments(
  start: usize,
  end: usize,
  rowStart: usize,
  planes: i32,
  rowsPerPlane: i32,
  root: usize,
  place: usize,
  roots: usize,
  sums: usize,
): i32 {
  let components = 0;
  let i: usize = 0;
  for (let z = 0, row: usize = 0; z < planes; z++) {
    for (let y: f64 = 0; y < <f64>rowsPerPlane; y++, row++) {
      const last = <usize>load<i32>(rowStart + (row << 2), 4);
      for (; i < last; i++) {
        const a = <f64>load<i32>(start + (i << 2));
        const b = <f64>load<i32>(end + (i << 2)) - 1;
        const n = b - a + 1;
        const x = ((a + b) * n) / 2;
        const first = <usize>load<i32>(root + (i << 2));
        if (first == i) {
          // A root is its component's first run.
          store<i32>(place + (i << 2), components);
          store<i32>(roots + ((<usize>components) << 2), <i32>i);
          memory.fill(sums + <usize>components * 48, 0, 48);
          components++;
        }
        const at = sums + <usize>load<i32>(place + (first << 2)) * 48;
        store<f64>(at, load<f64>(at) + n);
        store<f64>(at, load<f64>(at, 8) + y * n, 8);
        store<f64>(at, load<f64>(at, 16) + x, 16);
        store<f64>(at, load<f64>(at, 24) + y * y * n, 24);
        store<f64>(at, load<f64>(at, 32) + y * x, 32);
        store<f64>(at, load<f64>(at, 40) + sumOfSquares(b) - sumOfSquares(a - 1), 40);
      }
    }
  }
  return components;
}

/** 0² + 1² + … + n². */
function sumOfSquares(n: f64): f64 {
  return (n * (n + 1) * (2 * n + 1)) / 6;
}

/** Sets the runs whose component is wanted: `wanted` holds a byte a run, read at its root. */
export function drawRuns(
  start: usize,
  end: usize,
  rowStart: usize,
  rows: i32,
  root: usize,
  wanted: usize,
  words: usize,
  wordsPerRow: i32,
): void {
  let i: usize = 0;
  for (let row: usize = 0; row < <usize>rows; row++) {
    const last = <usize>load<i32>(rowStart + (row << 2), 4);
    for (; i < last; i++) {
      if (load<u8>(wanted + <usize>load<i32>(root + (i << 2))) == 0) continue;
      setRun(words + ((row * wordsPerRow) << 2), load<i32>(start + (i << 2)), load<i32>(end + (i << 2)));
    }
  }
}

function uniteRows(start: usize, end: usize, rowStart: usize, parent: usize, rowA: i32, rowB: i32, reach: i32): void {
  let a = load<i32>(rowStart + ((<usize>rowA) << 2));
  let b = load<i32>(rowStart + ((<usize>rowB) << 2));
  const lastA = load<i32>(rowStart + ((<usize>rowA) << 2), 4);
  const lastB = load<i32>(rowStart + ((<usize>rowB) << 2), 4);
  while (a < lastA && b < lastB) {
    const endA = load<i32>(end + ((<usize>a) << 2));
    const endB = load<i32>(end + ((<usize>b) << 2));
    if (endA + reach <= load<i32>(start + ((<usize>b) << 2))) a++;
    else if (endB + reach <= load<i32>(start + ((<usize>a) << 2))) b++;
    else {
      const rootA = findRoot(parent, a);
      const rootB = findRoot(parent, b);
      if (rootA < rootB) store<i32>(parent + ((<usize>rootB) << 2), rootA);
      else if (rootB < rootA) store<i32>(parent + ((<usize>rootA) << 2), rootB);
      if (endA < endB) a++;
      else b++;
    }
  }
}

export function findRoot(parent: usize, i: i32): i32 {
  let p = load<i32>(parent + ((<usize>i) << 2));
  while (p != i) {
    const grand = load<i32>(parent + ((<usize>p) << 2));
    store<i32>(parent + ((<usize>i) << 2), grand);
    i = grand;
    p = load<i32>(parent + ((<usize>i) << 2));
  }
  return i;
}
