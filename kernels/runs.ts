// Runs and their connected components: src/ops/runs.ts and src/ops/label.ts.

/** Number of runs in a mask of so many words, all of whose rows begin at whole words. */
export function countRuns(words: usize, rows: i32, wordsPerRow: i32): i32 {
  let count = 0;
  for (let row = 0; row < rows; row++) {
    let before = 0;
    for (let w = 0; w < wordsPerRow; w++, words += 4) {
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

function findRoot(parent: usize, i: i32): i32 {
  let p = load<i32>(parent + ((<usize>i) << 2));
  while (p != i) {
    const grand = load<i32>(parent + ((<usize>p) << 2));
    store<i32>(parent + ((<usize>i) << 2), grand);
    i = grand;
    p = load<i32>(parent + ((<usize>i) << 2));
  }
  return i;
}
