// Bodies that grow plane by plane: src/lungs/growing-bodies.ts.

import { findRoot } from "./components";

/** Pointers to arrays with a value a run, as src/lungs/growing-bodies.ts has them. */
// @ts-expect-error: decorator
@unmanaged
class Bodies {
  parent: usize;
  voxels: usize;
  border: usize;
  newest: usize;
  older: usize;
  pixels: usize;
  nearest: usize;
}

/**
 * Adds the runs of some planes to the bodies of those before.
 *
 * @param from - the first plane to add
 * @param to - the plane behind the last
 * @param spacing - f64[2]: of rows and columns, mm
 */
export function growBodies(
  bodies: Bodies,
  start: usize,
  end: usize,
  rowStart: usize,
  from: i32,
  to: i32,
  ny: i32,
  nx: i32,
  spacing: usize,
): void {
  const sy = load<f64>(spacing);
  const sx = load<f64>(spacing, 8);
  for (let z = from; z < to; z++) {
    const first = at(rowStart, z * ny);
    for (let y = 0; y < ny; y++) {
      const row = z * ny + y;
      const last = at(rowStart, row + 1);
      const dy = (<f64>y + 0.5 - <f64>ny / 2) * sy;
      for (let i = at(rowStart, row); i < last; i++) {
        const a = at(start, i);
        const b = at(end, i);
        const dx = (<f64>min(max(nx >> 1, a), b - 1) + 0.5 - <f64>nx / 2) * sx;
        put(bodies.parent, i, i);
        put(bodies.voxels, i, b - a);
        put(bodies.newest, i, i);
        put(bodies.older, i, -1);
        put(bodies.pixels, i, b - a);
        store<f64>(bodies.nearest + ((<usize>i) << 3), dy * dy + dx * dx);
      }
      if (y > 0) joinRows(bodies, start, end, rowStart, row - 1, row, first);
      if (z > 0) joinRows(bodies, start, end, rowStart, row - ny, row, first);
    }
  }
}

/** Joins the bodies of runs of two rows that overlap. */
function joinRows(bodies: Bodies, start: usize, end: usize, rowStart: usize, rowA: i32, rowB: i32, first: i32): void {
  let a = at(rowStart, rowA);
  let b = at(rowStart, rowB);
  const lastA = at(rowStart, rowA + 1);
  const lastB = at(rowStart, rowB + 1);
  while (a < lastA && b < lastB) {
    const endA = at(end, a);
    const endB = at(end, b);
    if (endA <= at(start, b)) a++;
    else if (endB <= at(start, a)) b++;
    else {
      join(bodies, findRoot(bodies.parent, a), findRoot(bodies.parent, b), first);
      if (endA < endB) a++;
      else b++;
    }
  }
}

/**
 * Joins two bodies, slice by slice from the newest on. Both reach the plane at hand or the one
 * before, so each step is the end of one slice's entry: all steps together are fewer than the runs.
 *
 * @param first - the first run of the plane at hand
 */
function join(bodies: Bodies, one: i32, two: i32, first: i32): void {
  if (one == two) return;
  const root = min(one, two);
  const other = max(one, two);
  put(bodies.parent, other, root);
  put(bodies.voxels, root, at(bodies.voxels, root) + at(bodies.voxels, other));
  put(bodies.border, root, at(bodies.border, root) | at(bodies.border, other));
  let i = at(bodies.newest, root);
  let j = at(bodies.newest, other);
  let before = -1;
  if (i >= first && j < first) {
    before = i;
    i = at(bodies.older, i);
  } else if (j >= first && i < first) {
    before = j;
    put(bodies.newest, root, j);
    j = at(bodies.older, j);
  }
  while (i >= 0 && j >= 0) {
    put(bodies.pixels, i, at(bodies.pixels, i) + at(bodies.pixels, j));
    const to = bodies.nearest + ((<usize>i) << 3);
    store<f64>(to, min(load<f64>(to), load<f64>(bodies.nearest + ((<usize>j) << 3))));
    if (before >= 0) put(bodies.older, before, i);
    before = i;
    i = at(bodies.older, i);
    j = at(bodies.older, j);
  }
  put(bodies.older, before, i >= 0 ? i : j);
}

// @ts-expect-error: decorator
@inline
function at(array: usize, i: i32): i32 {
  return load<i32>(array + ((<usize>i) << 2));
}

// @ts-expect-error: decorator
@inline
function put(array: usize, i: i32, value: i32): void {
  store<i32>(array + ((<usize>i) << 2), value);
}
