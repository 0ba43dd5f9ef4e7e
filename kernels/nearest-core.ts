// The search of src/lungs/nearest-core.ts: which of two cores a voxel is nearer to.

/** A core's runs: pointers to int32 arrays as in src/ops/runs.ts. */
// @ts-expect-error: decorator
@unmanaged
class CoreRuns {
  start: usize;
  end: usize;
  rowStart: usize;
}

/**
 * Gives voxels near one core and surely not near the other away, and says which are left.
 *
 * @param mask - words of the voxels to be given away
 * @param near1 - words of what is near the first core
 * @param maybe1 - words of what may be as near to it
 * @param first - words of the first core; receives what is nearer to it
 * @param open - receives the words of the voxels that are left
 * @param count - words of each; all of them have room for a multiple of four
 */
export function assignNear(
  mask: usize,
  near1: usize,
  near2: usize,
  maybe1: usize,
  maybe2: usize,
  first: usize,
  second: usize,
  open: usize,
  count: i32,
): void {
  // Four words at a time; what the last of them hold beyond the end is nobody's.
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const one = v128.load(first + i);
    const two = v128.load(second + i);
    const rest = v128.andnot(v128.load(mask + i), v128.or(one, two));
    const to1 = v128.andnot(v128.and(rest, v128.load(near1 + i)), v128.load(maybe2 + i));
    const to2 = v128.andnot(v128.and(rest, v128.load(near2 + i)), v128.load(maybe1 + i));
    v128.store(first + i, v128.or(one, to1));
    v128.store(second + i, v128.or(two, to2));
    v128.store(open + i, v128.andnot(rest, v128.or(to1, to2)));
  }
}

/**
 * Decides the runs of undecided voxels from `firstRun` on, until the list of near ties is full.
 *
 * @param cores - two CoreRuns, the first core's and the second's
 * @param open - CoreRuns of the undecided voxels
 * @param spacing - f64[3], mm
 * @param first - int32[nz * ny * words]: receives the voxels of the first core
 * @param second - the same for the second core
 * @param best - f64[2 * nx], scratch
 * @param ties - receives for every near tie the row and the column (int32) and the squared distance (f64)
 * @param capacity - ties that there is room for, at least nx
 * @param progress - int32[2]: receives the next run and the number of ties
 */
export function decideRuns(
  cores: usize,
  open: CoreRuns,
  firstRun: i32,
  nz: i32,
  ny: i32,
  nx: i32,
  spacing: usize,
  nearTie: f64,
  first: usize,
  second: usize,
  best: usize,
  ties: usize,
  capacity: i32,
  progress: usize,
): void {
  const words = (nx + 31) >>> 5;
  const best1 = best;
  const best2 = best + ((<usize>nx) << 3);
  let found = 0;
  let run = firstRun;
  for (let row = 0; row < nz * ny; row++) {
    const last = load<i32>(open.rowStart + ((<usize>row) << 2), 4);
    for (; run < last; run++) {
      const a = load<i32>(open.start + ((<usize>run) << 2));
      const b = load<i32>(open.end + ((<usize>run) << 2));
      if (found + b - a > capacity) {
        store<i32>(progress, run);
        store<i32>(progress, found, 4);
        return;
      }
      search(cores, row / ny, row % ny, nz, ny, spacing, nearTie, a, b, best1, best2);
      for (let x = a; x < b; x++) {
        const d1 = load<f64>(best1 + ((<usize>x) << 3));
        const d2 = load<f64>(best2 + ((<usize>x) << 3));
        const nearer = min(d1, d2);
        if (abs(d1 - d2) <= nearTie * nearer) {
          const at = ties + ((<usize>found) << 4);
          found++;
          store<i32>(at, row);
          store<i32>(at, x, 4);
          store<f64>(at, nearer, 8);
          continue;
        }
        const word = (d1 < d2 ? first : second) + ((<usize>(row * words + (x >> 5))) << 2);
        store<i32>(word, load<i32>(word) | (1 << (x & 31)));
      }
    }
  }
  store<i32>(progress, run);
  store<i32>(progress, found, 4);
}

function search(
  cores: usize,
  z: i32,
  y: i32,
  nz: i32,
  ny: i32,
  spacing: usize,
  nearTie: f64,
  a: i32,
  b: i32,
  best1: usize,
  best2: usize,
): void {
  const sz = load<f64>(spacing);
  const sy = load<f64>(spacing, 8);
  const sx = load<f64>(spacing, 16);
  const one = changetype<CoreRuns>(cores);
  const two = changetype<CoreRuns>(cores + offsetof<CoreRuns>());
  for (let x = a; x < b; x++) {
    store<f64>(best1 + ((<usize>x) << 3), Infinity);
    store<f64>(best2 + ((<usize>x) << 3), Infinity);
  }
  let bound = Infinity;
  for (let dz = 0; dz < nz; dz++) {
    const mz = <f64>dz * sz;
    const zz = mz * mz;
    if (zz > bound) break;
    for (let dy = 0; dy < ny; dy++) {
      const my = <f64>dy * sy;
      const base = zz + my * my;
      if (base > bound) break;
      for (let k = 0; k < 4; k++) {
        if ((dz == 0 && (k & 1) != 0) || (dy == 0 && (k & 2) != 0)) continue;
        const atZ = (k & 1) == 0 ? z - dz : z + dz;
        const atY = (k & 2) == 0 ? y - dy : y + dy;
        if (atZ < 0 || atZ >= nz || atY < 0 || atY >= ny) continue;
        nearestInRow(one, atZ * ny + atY, base, bound, sx, a, b, best1);
        nearestInRow(two, atZ * ny + atY, base, bound, sx, a, b, best2);
      }
      bound = 0;
      for (let x = a; x < b; x++) {
        bound = max(bound, min(load<f64>(best1 + ((<usize>x) << 3)), load<f64>(best2 + ((<usize>x) << 3))));
      }
      bound *= 1 + nearTie;
    }
  }
}

function nearestInRow(runs: CoreRuns, row: i32, base: f64, bound: f64, sx: f64, a: i32, b: i32, best: usize): void {
  const last = load<i32>(runs.rowStart + ((<usize>row) << 2), 4);
  for (let i = load<i32>(runs.rowStart + ((<usize>row) << 2)); i < last; i++) {
    const from = load<i32>(runs.start + ((<usize>i) << 2));
    const to = load<i32>(runs.end + ((<usize>i) << 2));
    const gap = <f64>(from >= b ? from - b + 1 : to <= a ? a - to + 1 : 0) * sx;
    if (base + gap * gap > bound) {
      if (from >= b) break;
      continue;
    }
    for (let x = a; x < b; x++) {
      const dx = <f64>(x < from ? from - x : x >= to ? x - to + 1 : 0) * sx;
      const at = best + ((<usize>x) << 3);
      store<f64>(at, min(load<f64>(at), base + dx * dx));
    }
  }
}
