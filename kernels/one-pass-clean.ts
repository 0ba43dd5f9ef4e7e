// The one pass of src/prepare/one-pass-clean.ts: window, mask, resample linearly, crop. Greys carry
// half a grey value, so that truncation rounds.

/** What does not change from slice to slice: pointers into memory and sizes. */
// @ts-expect-error: decorator
@unmanaged
class Grid {
  /** Rows and columns of the scan, rows and columns of the box. */
  scanRows: i32;
  scanColumns: i32;
  rows: i32;
  columns: i32;
  /** f32[65536] each: shifted grey by Hounsfield units from −32768 on, in the lungs and beside them. */
  inLungs: usize;
  beside: usize;
  /** Shifted grey of everything else. */
  padding: f32;
  /** int32 and f32 [columns]: the scan's column at or before each, and the weight of the next. */
  left: usize;
  right: usize;
  /** int32[2 * rows] and f32[rows]: the scan's two rows of each, and the weight of the second. */
  rowPair: usize;
  rowWeight: usize;
  /** Scratch: f32[scanColumns + 32], then two lines of f32[columns + 4]. */
  row: usize;
  line0: usize;
  line1: usize;
}

/** Turns uint8 greys, a multiple of 4 of them, into shifted ones. */
export function shiftGreys(greys: usize, count: i32, to: usize): void {
  const half = f32x4.splat(0.5);
  for (let i = 0; i < count; i += 4, greys += 4, to += 16) {
    const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(greys)));
    v128.store(to, f32x4.add(f32x4.convert_i32x4_u(words), half));
  }
}

/**
 * Puts a slice of the scan on the rows and columns of the box.
 *
 * @param slice - int16[scanRows * scanColumns]
 * @param near - int32[scanRows * words], the dilated lungs
 * @param lungs - the same, the lungs
 * @param plane - f32[rows * columns], room for three more; receives shifted greys
 */
export function cleanPlane(grid: Grid, slice: usize, near: usize, lungs: usize, plane: usize): void {
  let line0 = grid.line0;
  let line1 = grid.line1;
  let row0 = -1;
  let row1 = -1;
  for (let y = 0; y < grid.rows; y++) {
    const first = load<i32>(grid.rowPair + (<usize>y << 3));
    const second = load<i32>(grid.rowPair + (<usize>y << 3), 4);
    if (row0 != first) {
      if (row1 == first) {
        const line = line0;
        line0 = line1;
        line1 = line;
        row1 = row0;
      } else cleanLine(grid, slice, near, lungs, first, line0);
      row0 = first;
    }
    if (row1 != second) {
      cleanLine(grid, slice, near, lungs, second, line1);
      row1 = second;
    }
    const weight = f32x4.splat(load<f32>(grid.rowWeight + (<usize>y << 2)));
    const to = plane + (<usize>(y * grid.columns) << 2);
    // Rows are written upwards, so what a vector writes too far is written over by the next row.
    for (let x: usize = 0; x < <usize>grid.columns << 2; x += 16) {
      const a = v128.load(line0 + x);
      v128.store(to + x, f32x4.add(a, f32x4.mul(f32x4.sub(v128.load(line1 + x), a), weight)));
    }
  }
}

function cleanLine(grid: Grid, slice: usize, near: usize, lungs: usize, y: i32, line: usize): void {
  const columns = grid.columns;
  const words = (grid.scanColumns + 31) >>> 5;
  const nearRow = near + (<usize>(y * words) << 2);
  const lungsRow = lungs + (<usize>(y * words) << 2);
  const from = load<i32>(grid.left) >> 5;
  const to = min((load<i32>(grid.left + (<usize>(columns - 1) << 2)) + 1) >> 5, words - 1);
  let any = 0;
  for (let w = from; w <= to; w++) any |= load<i32>(nearRow + (<usize>w << 2));
  if (any == 0) {
    const padding = f32x4.splat(grid.padding);
    for (let x: usize = 0; x < <usize>columns << 2; x += 16) v128.store(line + x, padding);
    return;
  }
  const row = grid.row;
  for (let w = from; w <= to; w++) {
    readWord(
      grid,
      slice + (<usize>(y * grid.scanColumns + (w << 5)) << 1),
      load<i32>(nearRow + (<usize>w << 2)),
      load<i32>(lungsRow + (<usize>w << 2)),
      row + (<usize>w << 7),
    );
  }
  // Behind the last column lies padding; it only ever counts with weight zero.
  if (to == words - 1) store<f32>(row + (<usize>grid.scanColumns << 2), grid.padding);
  const left = grid.left;
  const right = grid.right;
  for (let x: usize = 0; x < <usize>columns << 2; x += 4) {
    const at = row + (<usize>load<i32>(left + x) << 2);
    const a = load<f32>(at);
    store<f32>(line + x, a + (load<f32>(at, 4) - a) * load<f32>(right + x));
  }
}

/** The shifted greys of 32 voxels; bits that are not near, the row's end among them, are padding. */
function readWord(grid: Grid, hu: usize, near: i32, lungs: i32, to: usize): void {
  if (near == -1 && (lungs == -1 || lungs == 0)) {
    const table = (lungs == 0 ? grid.beside : grid.inLungs) + (32768 << 2);
    for (let k: usize = 0; k < 32; k++) store<f32>(to + (k << 2), load<f32>(table + (<isize>load<i16>(hu + (k << 1)) << 2)));
    return;
  }
  const padding = f32x4.splat(grid.padding);
  for (let k: usize = 0; k < 128; k += 16) v128.store(to + k, padding);
  while (near != 0) {
    const k: usize = ctz(near);
    const table = ((lungs >>> <i32>k) & 1) == 0 ? grid.beside : grid.inLungs;
    store<f32>(to + (k << 2), load<f32>(table + (<usize>(<i32>load<i16>(hu + (k << 1)) + 32768) << 2)));
    near &= near - 1;
  }
}

/**
 * Blends two planes and rounds to grey values.
 *
 * @param count - values; out has room for 15 more, the planes for as many
 * @param doubt - distance from a whole number within which rounding is in doubt
 * @param doubts - int32[count]: receives the positions that are in doubt
 * @returns how many are
 */
export function blendPlanes(a: usize, b: usize, weight: f32, count: i32, doubt: f32, out: usize, doubts: usize): i32 {
  const w = f32x4.splat(weight);
  const low = f32x4.splat(doubt);
  const high = f32x4.splat(1 - doubt);
  let found = 0;
  for (let i = 0; i < count; i += 16) {
    const at = <usize>i << 2;
    const p = blend(a + at, b + at, w);
    const q = blend(a + at + 16, b + at + 16, w);
    const r = blend(a + at + 32, b + at + 32, w);
    const s = blend(a + at + 48, b + at + 48, w);
    const bits =
      i32x4.bitmask(doubtful(p, low, high)) |
      (i32x4.bitmask(doubtful(q, low, high)) << 4) |
      (i32x4.bitmask(doubtful(r, low, high)) << 8) |
      (i32x4.bitmask(doubtful(s, low, high)) << 12);
    v128.store(
      out + i,
      i8x16.narrow_i16x8_u(
        i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(p), i32x4.trunc_sat_f32x4_s(q)),
        i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(r), i32x4.trunc_sat_f32x4_s(s)),
      ),
    );
    for (let rest = bits; rest != 0; rest &= rest - 1) {
      const k = i + ctz(rest);
      if (k >= count) break;
      store<i32>(doubts + (<usize>found << 2), k);
      found++;
    }
  }
  return found;
}

// @ts-expect-error: decorator
@inline
function blend(a: usize, b: usize, weight: v128): v128 {
  const first = v128.load(a);
  return f32x4.add(first, f32x4.mul(f32x4.sub(v128.load(b), first), weight));
}

// @ts-expect-error: decorator
@inline
function doubtful(v: v128, low: v128, high: v128): v128 {
  const fraction = f32x4.sub(v, f32x4.trunc(v));
  return v128.or(f32x4.lt(fraction, low), f32x4.gt(fraction, high));
}
