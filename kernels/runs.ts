// Runs of set bits: src/ops/runs.ts.

/** Number of runs in a mask of so many words, all of whose rows begin at whole words. */
export function countRuns(words: usize, rows: i32, wordsPerRow: i32): i32 {
  let count = 0;
  for (let row = 0; row < rows; row++) {
    let before = 0;
    for (let w = 0; w < wordsPerRow; w++, words += 4) {
      if (w + 4 <= wordsPerRow && !v128.any_true(v128.load(words))) {
        before = 0;
        w += 3;
        words += 12;
        continue;
      }
      const bits = load<i32>(words);
      // A run begins at a set bit behind a clear one.
      count += popcnt(bits & ~((bits << 1) | (before >>> 31)));
      before = bits;
    }
  }
  return count;
}

/** Writes the runs' first columns, the columns behind their last, and rows + 1 counts. */
export function writeRuns(
  words: usize,
  rows: i32,
  wordsPerRow: i32,
  nx: i32,
  start: usize,
  end: usize,
  rowStart: usize,
): void {
  let count = 0;
  store<i32>(rowStart, 0);
  for (let row = 0; row < rows; row++) {
    let open = 0;
    for (let w = 0; w < wordsPerRow; w++, words += 4) {
      if (open == 0 && w + 4 <= wordsPerRow && !v128.any_true(v128.load(words))) {
        w += 3;
        words += 12;
        continue;
      }
      const bits = load<i32>(words);
      let edges = bits ^ ((bits << 1) | open);
      while (edges != 0) {
        const x = (w << 5) + ctz(edges);
        if (open == 0) store<i32>(start + ((<usize>count) << 2), x);
        else {
          store<i32>(end + ((<usize>count) << 2), x);
          count++;
        }
        open ^= 1;
        edges &= edges - 1;
      }
    }
    if (open != 0) {
      store<i32>(end + ((<usize>count) << 2), nx);
      count++;
    }
    store<i32>(rowStart + ((<usize>(row + 1)) << 2), count);
  }
}

/**
 * Writes the runs between runs: those of the complement.
 *
 * @param gapStart - int32[runs + rows]
 * @param gapEnd - int32[runs + rows]
 * @param gapRowStart - int32[rows + 1]
 */
export function complementRuns(
  start: usize,
  end: usize,
  rowStart: usize,
  rows: i32,
  nx: i32,
  gapStart: usize,
  gapEnd: usize,
  gapRowStart: usize,
): void {
  let count: usize = 0;
  store<i32>(gapRowStart, 0);
  for (let row: usize = 0; row < <usize>rows; row++) {
    const last = load<i32>(rowStart + (row << 2), 4);
    let x = 0;
    for (let i = load<i32>(rowStart + (row << 2)); i < last; i++) {
      const next = load<i32>(start + ((<usize>i) << 2));
      if (next > x) {
        store<i32>(gapStart + (count << 2), x);
        store<i32>(gapEnd + (count << 2), next);
        count++;
      }
      x = load<i32>(end + ((<usize>i) << 2));
    }
    if (x < nx) {
      store<i32>(gapStart + (count << 2), x);
      store<i32>(gapEnd + (count << 2), nx);
      count++;
    }
    store<i32>(gapRowStart + (row << 2), <i32>count, 4);
  }
}

/** Sets the columns from `start` to before `end` of the row whose words begin at `row`. */
export function setRun(row: usize, start: i32, end: i32): void {
  const first = start >> 5;
  const last = (end - 1) >> 5;
  for (let w = first; w <= last; w++) {
    let bits = -1;
    if (w == first) bits &= -1 << (start & 31);
    if (w == last) bits &= -1 >>> (31 - ((end - 1) & 31));
    const at = row + ((<usize>w) << 2);
    store<i32>(at, load<i32>(at) | bits);
  }
}
