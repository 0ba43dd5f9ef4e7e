// Exact distances to two masks: src/ops/feature-transform.ts.

/** A mask whose bits run along z, and the box outside which it has none. */
// @ts-expect-error: decorator
@unmanaged
class Sites {
  /** int32[ny * 32 * words * depth]: column (y, x) begins at word (y * 32 * words + x) * depth. */
  columns: usize;
  y0: i32;
  y1: i32;
  x0: i32;
  x1: i32;
}

/**
 * The sites of a mask that matter in one plane, as lines: f64 pairs by ascending position, each a
 * position and the squared distance across the line, mm².
 */
// @ts-expect-error: decorator
@unmanaged
class Plane {
  /** Columns with a line. */
  x0: i32;
  x1: i32;
  /** Two pointers a column: to the pair that is nearest to the row at hand, and behind the last one. */
  columns: usize;
  /** The line of the row at hand. */
  row: usize;
  /** Its pair that is nearest to the voxel at hand. */
  at: usize;
  /** Behind its last pair. */
  end: usize;
}

/** A smaller lead may be due to rounding, mm. */
const LEAST_LEAD: f64 = 1e-6;

/**
 * Lays a mask out with its bits along z.
 *
 * @param mask - int32[nz * ny * words], rows along x
 * @param columns - int32[ny * 32 * words * depth], depth = (nz + 31) / 32; receives the bits
 * @param block - int32[32], scratch
 */
export function columnsOf(mask: usize, nz: i32, ny: i32, words: i32, columns: usize, block: usize): void {
  const depth = (nz + 31) >>> 5;
  const pitch = (<usize>(ny * words)) << 2;
  const columnBytes = (<usize>depth) << 2;
  memory.fill(columns, 0, ((<usize>(ny * words)) << 7) * depth);
  for (let d = 0; d < depth; d++) {
    const planes = min(32, nz - (d << 5));
    for (let row = 0; row < ny * words; row++) {
      const from = mask + pitch * (d << 5) + ((<usize>row) << 2);
      let any = 0;
      for (let k = 0; k < planes; k++) {
        const word = load<i32>(from + pitch * k);
        any |= word;
        store<i32>(block + ((<usize>k) << 2), word);
      }
      if (any == 0) continue;
      memory.fill(block + ((<usize>planes) << 2), 0, (<usize>(32 - planes)) << 2);
      transpose(block);
      let to = columns + columnBytes * (row << 5) + ((<usize>d) << 2);
      for (let k = 0; k < 32; k++, to += columnBytes) store<i32>(to, load<i32>(block + ((<usize>k) << 2)));
    }
  }
}

/** Transposes 32 words of 32 bits: squares of 16 bits change places, then squares of 8, … of 1. */
function transpose(block: usize): void {
  let low = 0x0000ffff;
  for (let side = 16; side > 0; side >>= 1, low ^= low << side) {
    const across = (<usize>side) << 2;
    for (let k = 0; k < 32; k = (k + side + 1) & ~side) {
      const at = block + ((<usize>k) << 2);
      const upper = load<i32>(at);
      const lower = load<i32>(at + across);
      const differ = ((upper >>> side) ^ lower) & low;
      store<i32>(at, upper ^ (differ << side));
      store<i32>(at + across, lower ^ differ);
    }
  }
}

/**
 * Gives each voxel of a plane's runs to the mask with the nearer site; a tie goes to neither.
 *
 * From one voxel to the next a distance changes by no more than the step between them, so the lead
 * that one mask has over the other shrinks by two steps at most. Distances are computed only where
 * no lead is left from other voxels.
 *
 * @param sites - two Sites
 * @param reachY - sites more rows away from all runs are left out
 * @param reachX - the same for columns
 * @param start - int32: the runs' first columns
 * @param end - int32: the columns behind their last
 * @param rowStart - int32[ny + 1]: the plane's rows in these
 * @param spacing - f64[3], mm
 * @param scratch - f64[24 + nz + (8 + 4 * ny) * nx]
 * @param first - the plane's words in the first mask's half
 * @param second - the same for the second mask
 */
export function decidePlane(
  sites: usize,
  nz: i32,
  ny: i32,
  nx: i32,
  z: i32,
  reachY: i32,
  reachX: i32,
  start: usize,
  end: usize,
  rowStart: usize,
  spacing: usize,
  scratch: usize,
  first: usize,
  second: usize,
): void {
  const words = (nx + 31) >>> 5;
  const sz = load<f64>(spacing);
  const sy = load<f64>(spacing, 8);
  const sx = load<f64>(spacing, 16);
  const rowBytes = (<usize>nx) << 3;
  const one = changetype<Plane>(scratch);
  const two = changetype<Plane>(scratch + 64);
  const around = changetype<Sites>(scratch + 128);
  const squares = scratch + 192;
  // By column: the lead, mm, as it would be in row 0, and whose it is.
  const lead = squares + ((<usize>nz) << 3);
  const leader = lead + rowBytes;
  one.columns = leader + rowBytes;
  two.columns = one.columns + rowBytes;
  one.row = two.columns + rowBytes;
  two.row = one.row + 2 * rowBytes;
  const lines = two.row + 2 * rowBytes;
  for (let d = 0; d < nz; d++) {
    const t = <f64>d * sz;
    store<f64>(squares + ((<usize>d) << 3), t * t);
  }
  for (let x = 0; x < nx; x++) store<f64>(lead + ((<usize>x) << 3), -Infinity);
  boxOfRuns(ny, start, end, rowStart, around);
  const behindOne = linesOf(changetype<Sites>(sites), around, reachY, reachX, nz, words, z, sy, squares, lines, one);
  linesOf(changetype<Sites>(sites + offsetof<Sites>()), around, reachY, reachX, nz, words, z, sy, squares, behindOne, two);
  for (let y = 0; y < ny; y++) {
    const to = load<i32>(rowStart + ((<usize>y) << 2), 4);
    const rowWords = (<usize>(y * words)) << 2;
    const shrunk = 2 * sy * <f64>y;
    let lined = false;
    for (let i = load<i32>(rowStart + ((<usize>y) << 2)); i < to; i++) {
      const behind = load<i32>(end + ((<usize>i) << 2));
      for (let x = load<i32>(start + ((<usize>i) << 2)); x < behind; ) {
        const word = rowWords + ((<usize>(x >> 5)) << 2);
        const last = min(behind, (x | 31) + 1);
        let to1 = 0;
        let to2 = 0;
        for (; x < last; x++) {
          const at = (<usize>x) << 3;
          let nearer = load<i32>(leader + at);
          if (!(load<f64>(lead + at) - shrunk > LEAST_LEAD)) {
            if (!lined) {
              lineOf(one, y, sy, sx);
              lineOf(two, y, sy, sx);
              lined = true;
            }
            // scipy compares roots, and those of neighbouring numbers may be equal.
            const d1 = distanceTo(one, x, sx);
            const d2 = distanceTo(two, x, sx);
            nearer = i32(d1 < d2) | (i32(d2 < d1) << 1);
            spreadLead(lead, leader, nx, x, abs(d1 - d2) + shrunk, nearer, 2 * sx);
          }
          to1 |= (nearer & 1) << (x & 31);
          to2 |= (nearer >> 1) << (x & 31);
        }
        store<i32>(first + word, load<i32>(first + word) | to1);
        store<i32>(second + word, load<i32>(second + word) | to2);
      }
    }
  }
}

/** Writes down a lead at a column, and what is left of it at other columns where they have less. */
function spreadLead(lead: usize, leader: usize, nx: i32, x: i32, amount: f64, whose: i32, step: f64): void {
  let rest = amount;
  for (let k = x; k < nx && load<f64>(lead + ((<usize>k) << 3)) < rest; k++, rest -= step) {
    store<f64>(lead + ((<usize>k) << 3), rest);
    store<i32>(leader + ((<usize>k) << 3), whose);
  }
  rest = amount - step;
  for (let k = x - 1; k >= 0 && load<f64>(lead + ((<usize>k) << 3)) < rest; k--, rest -= step) {
    store<f64>(lead + ((<usize>k) << 3), rest);
    store<i32>(leader + ((<usize>k) << 3), whose);
  }
}

/** The box around all runs of a plane. */
function boxOfRuns(ny: i32, start: usize, end: usize, rowStart: usize, box: Sites): void {
  box.y0 = i32.MAX_VALUE;
  box.x0 = i32.MAX_VALUE;
  box.y1 = 0;
  box.x1 = 0;
  for (let y = 0; y < ny; y++) {
    const from = load<i32>(rowStart + ((<usize>y) << 2));
    const to = load<i32>(rowStart + ((<usize>y) << 2), 4);
    if (from == to) continue;
    box.y0 = min(box.y0, y);
    box.y1 = y + 1;
    box.x0 = min(box.x0, load<i32>(start + ((<usize>from) << 2)));
    box.x1 = max(box.x1, load<i32>(end + ((<usize>(to - 1)) << 2)));
  }
}

/**
 * Makes the lines along y of a plane, one a column, of the sites within reach of a box.
 *
 * @param squares - f64[nz]: squared distances of 0, 1, … planes
 * @param lines - receives the lines
 * @returns behind the last line
 */
function linesOf(
  sites: Sites,
  box: Sites,
  reachY: i32,
  reachX: i32,
  nz: i32,
  words: i32,
  z: i32,
  sy: f64,
  squares: usize,
  lines: usize,
  plane: Plane,
): usize {
  const depth = (nz + 31) >>> 5;
  const columnBytes = (<usize>depth) << 2;
  const pitch = columnBytes * (words << 5);
  const y0 = max(sites.y0, box.y0 - reachY);
  const y1 = min(sites.y1, box.y1 + reachY);
  plane.x0 = max(sites.x0, box.x0 - reachX);
  plane.x1 = min(sites.x1, box.x1 + reachX);
  for (let x = plane.x0; x < plane.x1; x++) {
    const line = lines;
    let column = sites.columns + pitch * y0 + columnBytes * x;
    for (let y = y0; y < y1; y++, column += pitch) {
      const steps = stepsToNearest(column, depth, z);
      if (steps < 0) continue;
      store<f64>(lines, <f64>y);
      store<f64>(lines, load<f64>(squares + ((<usize>steps) << 3)), 8);
      lines += 16;
    }
    lines = keepNearest(line, lines, sy);
    store<usize>(plane.columns + ((<usize>x) << 3), line);
    store<usize>(plane.columns + ((<usize>x) << 3), lines, 4);
  }
  return lines;
}

/** Makes the line of a row: for each column its site that is nearest to the row. */
function lineOf(plane: Plane, y: i32, sy: f64, sx: f64): void {
  let end = plane.row;
  for (let x = plane.x0; x < plane.x1; x++) {
    const column = plane.columns + ((<usize>x) << 3);
    const behind = load<usize>(column, 4);
    let at = load<usize>(column);
    if (at == behind) continue;
    at = nearestTo(at, behind, y, sy);
    store<usize>(column, at);
    store<f64>(end, <f64>x);
    store<f64>(end, squaredTo(at, y, sy), 8);
    end += 16;
  }
  plane.at = plane.row;
  plane.end = keepNearest(plane.row, end, sx);
}

/** The distance of a voxel of the row at hand to the nearest site; Infinity where there is none. */
function distanceTo(plane: Plane, x: i32, sx: f64): f64 {
  if (plane.at == plane.end) return Infinity;
  plane.at = nearestTo(plane.at, plane.end, x, sx);
  return sqrt(squaredTo(plane.at, x, sx));
}

/** The pair of a line that is nearest to a position, sought from that of an earlier position on. */
// @ts-expect-error: decorator
@inline
function nearestTo(at: usize, behind: usize, position: i32, spacing: f64): usize {
  while (at + 16 < behind && squaredTo(at, position, spacing) > squaredTo(at + 16, position, spacing)) at += 16;
  return at;
}

// @ts-expect-error: decorator
@inline
function squaredTo(pair: usize, position: i32, spacing: f64): f64 {
  const t = (load<f64>(pair) - <f64>position) * spacing;
  return load<f64>(pair, 8) + t * t;
}

/**
 * Drops the sites of a line whose cells do not meet it, hidden by their neighbours.
 *
 * @param line - f64 pairs by ascending position: position, squared distance across the line
 * @param behind - behind the last pair
 * @returns behind the last pair that is left
 */
function keepNearest(line: usize, behind: usize, spacing: f64): usize {
  let top = line;
  let u: f64 = 0;
  let offU: f64 = 0;
  let v: f64 = 0;
  let offV: f64 = 0;
  for (let next = line; next < behind; next += 16) {
    const w = load<f64>(next);
    const offW = load<f64>(next, 8);
    while (top > line + 16) {
      const a = (v - u) * spacing;
      const b = (w - v) * spacing;
      const c = a + b;
      if (c * offV - b * offU - a * offW - a * b * c <= 0) break;
      top -= 16;
      v = u;
      offV = offU;
      // Of one pair alone nothing is asked; then this is not of the line.
      u = load<f64>(top - 32);
      offU = load<f64>(top - 24);
    }
    store<f64>(top, w);
    store<f64>(top, offW, 8);
    top += 16;
    u = v;
    offU = offV;
    v = w;
    offV = offW;
  }
  return top;
}

/** Planes from `z` to the nearest true voxel of a column of bits, -1 if there is none. */
// @ts-expect-error: decorator
@inline
function stepsToNearest(column: usize, depth: i32, z: i32): i32 {
  const w = z >> 5;
  const here = load<i32>(column + ((<usize>w) << 2));
  let least = i32.MAX_VALUE;
  const below = here << (31 - (z & 31));
  if (below != 0) least = clz(below);
  else {
    for (let i = w - 1; i >= 0; i--) {
      const bits = load<i32>(column + ((<usize>i) << 2));
      if (bits == 0) continue;
      least = z - (i << 5) - 31 + clz(bits);
      break;
    }
  }
  const above = here >>> (z & 31);
  if (above != 0) least = min(least, ctz(above));
  else {
    for (let i = w + 1; i < depth && (i << 5) - z < least; i++) {
      const bits = load<i32>(column + ((<usize>i) << 2));
      if (bits == 0) continue;
      least = min(least, (i << 5) - z + ctz(bits));
      break;
    }
  }
  return least == i32.MAX_VALUE ? -1 : least;
}
