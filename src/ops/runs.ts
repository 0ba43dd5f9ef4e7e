import { type Kernels, kernels } from "../simd/kernels.ts";
import type { BitVolume } from "../volume/bit-volume.ts";

/**
 * The runs of true voxels of a mask, row by row in scan order (z, then y, then x).
 *
 * Run `i` covers the columns `start[i] <= x < end[i]`; row `r = z * ny + y` holds the runs
 * `rowStart[r] <= i < rowStart[r + 1]`. A chest mask of 35 M voxels has some 10⁵ runs, so what is
 * asked of components is asked of runs.
 */
export interface Runs {
  readonly planes: number;
  readonly rowsPerPlane: number;
  /** Number of runs; `start` and `end` may be longer. */
  readonly count: number;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly rowStart: Int32Array;
}

/** Finds the runs of a mask: one look at every word, one step a run. */
export function extractRuns(mask: BitVolume): Runs {
  const simd = kernels();
  if (simd !== undefined) return extractRunsWith(simd, mask);
  const [planes, rowsPerPlane, nx] = mask.shape;
  const { words, wordsPerRow } = mask;
  const rows = planes * rowsPerPlane;
  const rowStart = new Int32Array(rows + 1);
  // A row of nx voxels has at most (nx + 1) / 2 runs; room for one row more is always kept free.
  const mostInRow = (nx + 1) >> 1;
  let start = new Int32Array(Math.max(4 * rows, 1024) + mostInRow);
  let end = new Int32Array(start.length);
  let count = 0;
  let word = 0;
  for (let row = 0; row < rows; row++) {
    if (count + mostInRow > start.length) {
      start = grown(start, count);
      end = grown(end, count);
    }
    let open = 0;
    for (let w = 0; w < wordsPerRow; w++, word++) {
      const bits = words[word]! | 0;
      // A set bit of `edges` is a voxel that differs from the one before it.
      let edges = bits ^ ((bits << 1) | open);
      while (edges !== 0) {
        const low = edges & -edges;
        const x = (w << 5) + 31 - Math.clz32(low);
        if (open === 0) start[count] = x;
        else end[count++] = x;
        open ^= 1;
        edges ^= low;
      }
    }
    if (open !== 0) end[count++] = nx;
    rowStart[row + 1] = count;
  }
  return { planes, rowsPerPlane, count, start, end, rowStart };
}

/** The same by kernels/runs.ts. */
function extractRunsWith(simd: Kernels, mask: BitVolume): Runs {
  const [planes, rowsPerPlane, nx] = mask.shape;
  const rows = planes * rowsPerPlane;
  simd.begin();
  const words = simd.put(mask.words);
  const count = simd.run.countRuns(words, rows, mask.wordsPerRow);
  const start = simd.reserve(4 * count);
  const end = simd.reserve(4 * count);
  const rowStart = simd.reserve(4 * (rows + 1));
  simd.run.writeRuns(words, rows, mask.wordsPerRow, nx, start, end, rowStart);
  return takeRuns(simd, planes, rowsPerPlane, { start, end, rowStart });
}

/** The runs of false voxels: what {@link extractRuns} would find in the complement. */
export function complementRuns(runs: Runs, nx: number): Runs {
  const simd = kernels();
  if (simd !== undefined) return complementRunsWith(simd, runs, nx);
  const rows = runs.planes * runs.rowsPerPlane;
  const start = new Int32Array(runs.count + rows);
  const end = new Int32Array(runs.count + rows);
  const rowStart = new Int32Array(rows + 1);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    let x = 0;
    for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
      if (runs.start[i]! > x) {
        start[count] = x;
        end[count++] = runs.start[i]!;
      }
      x = runs.end[i]!;
    }
    if (x < nx) {
      start[count] = x;
      end[count++] = nx;
    }
    rowStart[row + 1] = count;
  }
  return { planes: runs.planes, rowsPerPlane: runs.rowsPerPlane, count, start, end, rowStart };
}

/** The same by kernels/runs.ts. */
function complementRunsWith(simd: Kernels, runs: Runs, nx: number): Runs {
  const { planes, rowsPerPlane } = runs;
  const rows = planes * rowsPerPlane;
  simd.begin();
  const from = putRuns(simd, runs);
  const start = simd.reserve(4 * (runs.count + rows));
  const end = simd.reserve(4 * (runs.count + rows));
  const rowStart = simd.reserve(4 * (rows + 1));
  simd.run.complementRuns(from.start, from.end, from.rowStart, rows, nx, start, end, rowStart);
  return takeRuns(simd, planes, rowsPerPlane, { start, end, rowStart });
}

/** Where runs lie in the kernels' memory. */
export interface RunsAt {
  readonly start: number;
  readonly end: number;
  readonly rowStart: number;
}

/** Copies runs to the kernels' memory. */
export function putRuns(simd: Kernels, { start, end, rowStart, count, planes, rowsPerPlane }: Runs): RunsAt {
  return {
    start: simd.put(start.subarray(0, count)),
    end: simd.put(end.subarray(0, count)),
    rowStart: simd.put(rowStart.subarray(0, planes * rowsPerPlane + 1)),
  };
}

function takeRuns(simd: Kernels, planes: number, rowsPerPlane: number, at: RunsAt): Runs {
  const rowStart = simd.ints(at.rowStart, planes * rowsPerPlane + 1).slice();
  const count = rowStart.at(-1)!;
  const [start, end] = [simd.ints(at.start, count).slice(), simd.ints(at.end, count).slice()];
  return { planes, rowsPerPlane, count, start, end, rowStart };
}

/** Sets the columns `start <= x < end`, at least one, of the row whose first word is `words[base]`. */
export function setRun(words: Uint32Array, base: number, start: number, end: number): void {
  const first = base + (start >> 5);
  const last = base + ((end - 1) >> 5);
  const head = -1 << (start & 31);
  const tail = -1 >>> (31 - ((end - 1) & 31));
  if (first === last) {
    words[first] = words[first]! | (head & tail);
    return;
  }
  words[first] = words[first]! | head;
  for (let w = first + 1; w < last; w++) words[w] = -1;
  words[last] = words[last]! | tail;
}

/** Clears the columns `start <= x < end`, at least one, of the row whose first word is `words[base]`. */
export function clearRun(words: Uint32Array, base: number, start: number, end: number): void {
  const first = base + (start >> 5);
  const last = base + ((end - 1) >> 5);
  const head = -1 << (start & 31);
  const tail = -1 >>> (31 - ((end - 1) & 31));
  if (first === last) {
    words[first] = words[first]! & ~(head & tail);
    return;
  }
  words[first] = words[first]! & ~head;
  for (let w = first + 1; w < last; w++) words[w] = 0;
  words[last] = words[last]! & ~tail;
}

/**
 * Clears, of the columns `start <= x < end`, at least one, of the row whose first word is
 * `words[base]`, those that the row at `others[from]` does not hold.
 */
export function clearOutside(
  words: Uint32Array,
  base: number,
  start: number,
  end: number,
  others: Uint32Array,
  from: number,
): void {
  const first = start >> 5;
  const last = (end - 1) >> 5;
  for (let w = first; w <= last; w++) {
    let wanted = -1;
    if (w === first) wanted &= -1 << (start & 31);
    if (w === last) wanted &= -1 >>> (31 - ((end - 1) & 31));
    words[base + w]! &= others[from + w]! | ~wanted;
  }
}

function grown(array: Int32Array<ArrayBuffer>, used: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array.subarray(0, used));
  return larger;
}
