// The smoothed threshold of src/ops/smoothed-threshold.ts for the published window of five taps,
// eight or two values an instruction. The arithmetic, and so every bit of the result, is the same.

const RADIUS = 2;

/**
 * Marks the pixels of a slice whose smoothed value lies below a threshold.
 *
 * @param slice - int16[ny * nx], HU
 * @param spans - int32[2 * ny]: first column of each row that may become true, then the column after the last
 * @param limit - a value below the threshold is at most this
 * @param weights - f64[3]: centre, first and second neighbour
 * @param work - scratch: (ny + 2) rows of (nx + 31) / 32 words, two rows of two words more, 40 doubles, 5 int32
 * @param out - int32[ny * words], zeros; receives one bit a pixel
 */
export function markSlice(
  slice: usize,
  ny: i32,
  nx: i32,
  spans: usize,
  limit: i32,
  threshold: f64,
  single: bool,
  weights: usize,
  work: usize,
  out: usize,
): void {
  const words = (nx + 31) >>> 5;
  const rowBytes = <usize>words << 2;
  const below = work;
  const dark = below + rowBytes * ny + 4;
  const light = dark + rowBytes + 8;
  const column = (light + rowBytes + 4 + 15) & ~15;
  const rows = column + 40 * 8;
  pack(slice, ny, nx, words, limit, below);
  store<i32>(dark - 4, 0);
  store<i32>(dark + rowBytes, 0);
  store<i32>(light - 4, 0);
  store<i32>(light + rowBytes, 0);
  const tail = -1 >>> ((32 - (nx & 31)) & 31);
  for (let y = 0; y < ny; y++) {
    const first = load<i32>(spans + (<usize>y << 2));
    const last = load<i32>(spans + (<usize>(ny + y) << 2));
    if (last <= first) continue;
    gatherRows(below, y, ny, words, dark, light);
    const lastLight = light + rowBytes - 4;
    store<i32>(lastLight, load<i32>(lastLight) & tail);
    let rowsReady = false;
    const lastWord = (last - 1) >> 5;
    for (let w = first >> 5; w <= lastWord; w++) {
      const at = <usize>w << 2;
      // Four words within whose reach no value lies below the threshold.
      if (w + 3 <= lastWord && !v128.any_true(v128.or(v128.load(dark + at - 4), v128.load(dark + at + 4)))) {
        w += 3;
        continue;
      }
      const d0 = load<i32>(dark + at - 4);
      const d1 = load<i32>(dark + at);
      const d2 = load<i32>(dark + at + 4);
      if ((d0 | d1 | d2) == 0) continue;
      let wanted = -1;
      if (w == first >> 5) wanted &= -1 << (first & 31);
      if (w == lastWord) wanted &= -1 >>> (31 - ((last - 1) & 31));
      const anyDark = spread(d0, d1, d2);
      const anyLight = spread(load<i32>(light + at - 4), load<i32>(light + at), load<i32>(light + at + 4));
      let bits = anyDark & ~anyLight & wanted;
      let open = anyDark & anyLight & wanted;
      if (open != 0 && !rowsReady) {
        for (let k = -RADIUS; k <= RADIUS; k++) {
          store<usize>(rows + (<usize>(k + RADIUS) << 2), slice + ((<usize>(reflect(y + k, ny) * nx)) << 1));
        }
        rowsReady = true;
      }
      while (open != 0) {
        const from = ctz(open);
        const length = min(ctz(~(open >>> from)), 32 - from);
        bits |= smoothedBelow(rows, nx, (w << 5) + from, length, single, threshold, weights, column) << from;
        open &= from + length == 32 ? 0 : -1 << (from + length);
      }
      store<i32>(out + (<usize>(y * words) << 2) + at, bits);
    }
  }
}

function pack(slice: usize, ny: i32, nx: i32, words: i32, limit: i32, below: usize): void {
  const most = i16x8.splat(<i16>limit);
  for (let y = 0; y < ny; y++) {
    const row = slice + (<usize>(y * nx) << 1);
    for (let w = 0; w < words; w++) {
      const from = row + (<usize>w << 6);
      let bits = 0;
      if ((w << 5) + 32 <= nx) {
        const low = i8x16.narrow_i16x8_s(i16x8.le_s(v128.load(from), most), i16x8.le_s(v128.load(from, 16), most));
        const high = i8x16.narrow_i16x8_s(i16x8.le_s(v128.load(from, 32), most), i16x8.le_s(v128.load(from, 48), most));
        bits = i8x16.bitmask(low) | (i8x16.bitmask(high) << 16);
      } else {
        for (let x = nx - 1 - (w << 5); x >= 0; x--) bits = (bits << 1) | <i32>(load<i16>(from + (<usize>x << 1)) <= limit);
      }
      store<i32>(below + (<usize>(y * words + w) << 2), bits);
    }
  }
}

function gatherRows(below: usize, y: i32, ny: i32, words: i32, dark: usize, light: usize): void {
  const rowBytes = <usize>words << 2;
  const top = below + rowBytes * max(0, y - RADIUS);
  const bottom = below + rowBytes * min(ny - 1, y + RADIUS);
  let w: usize = 0;
  for (; w + 16 <= rowBytes; w += 16) {
    let any = v128.splat<i32>(0);
    let all = v128.splat<i32>(-1);
    for (let i = top + w; i <= bottom + w; i += rowBytes) {
      const row = v128.load(i);
      any = v128.or(any, row);
      all = v128.and(all, row);
    }
    v128.store(dark + w, any);
    v128.store(light + w, v128.not(all));
  }
  for (; w < rowBytes; w += 4) {
    let any = 0;
    let all = -1;
    for (let i = top + w; i <= bottom + w; i += rowBytes) {
      any |= load<i32>(i);
      all &= load<i32>(i);
    }
    store<i32>(dark + w, any);
    store<i32>(light + w, ~all);
  }
}

// @ts-expect-error: decorator
@inline
function spread(before: i32, here: i32, after: i32): i32 {
  return (
    here | (here << 1) | (before >>> 31) | (here >>> 1) | (after << 31) |
    (here << 2) | (before >>> 30) | (here >>> 2) | (after << 30)
  );
}

// @ts-expect-error: decorator
@inline
function reflect(i: i32, n: i32): i32 {
  // Rows fewer than the window mirror more than once.
  while (i < 0 || i >= n) i = i < 0 ? -1 - i : 2 * n - 1 - i;
  return i;
}

function smoothedBelow(
  rows: usize,
  nx: i32,
  x: i32,
  length: i32,
  single: bool,
  threshold: f64,
  weights: usize,
  column: usize,
): i32 {
  const w0 = load<f64>(weights);
  const w1 = load<f64>(weights, 8);
  const w2 = load<f64>(weights, 16);
  const r0 = load<usize>(rows);
  const r1 = load<usize>(rows, 4);
  const r2 = load<usize>(rows, 8);
  const r3 = load<usize>(rows, 12);
  const r4 = load<usize>(rows, 16);
  const taps = length + 2 * RADIUS;
  const begin = x - RADIUS;
  let i = 0;
  if (begin >= 0) {
    const v0 = f64x2.splat(w0);
    const v1 = f64x2.splat(w1);
    const v2 = f64x2.splat(w2);
    // Four columns at a time while they lie within the row.
    for (; i < taps && begin + i + 4 <= nx; i += 4) {
      const at = <usize>(begin + i) << 1;
      const outer = i32x4.add(four(r0 + at), four(r4 + at));
      const inner = i32x4.add(four(r1 + at), four(r3 + at));
      const centre = four(r2 + at);
      let low = f64x2.add(
        f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_s(centre), v0), f64x2.mul(f64x2.convert_low_i32x4_s(outer), v2)),
        f64x2.mul(f64x2.convert_low_i32x4_s(inner), v1),
      );
      let high = f64x2.add(
        f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_s(upper(centre)), v0), f64x2.mul(f64x2.convert_low_i32x4_s(upper(outer)), v2)),
        f64x2.mul(f64x2.convert_low_i32x4_s(upper(inner)), v1),
      );
      if (single) {
        low = f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(low));
        high = f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(high));
      }
      const to = column + (<usize>i << 3);
      v128.store(to, low);
      v128.store(to, high, 16);
    }
  }
  for (; i < taps; i++) {
    const at = <usize>reflect(begin + i, nx) << 1;
    let sum = <f64>load<i16>(r2 + at) * w0;
    sum += <f64>(<i32>load<i16>(r0 + at) + <i32>load<i16>(r4 + at)) * w2;
    sum += <f64>(<i32>load<i16>(r1 + at) + <i32>load<i16>(r3 + at)) * w1;
    store<f64>(column + (<usize>i << 3), single ? <f64>(<f32>sum) : sum);
  }
  const v0 = f64x2.splat(w0);
  const v1 = f64x2.splat(w1);
  const v2 = f64x2.splat(w2);
  const vt = f64x2.splat(threshold);
  let bits = 0;
  for (let k = 0; k < length; k += 2) {
    const at = column + (<usize>k << 3);
    const c0 = v128.load(at);
    const c1 = v128.load(at, 8);
    const c2 = v128.load(at, 16);
    const c3 = v128.load(at, 24);
    const c4 = v128.load(at, 32);
    let sum = f64x2.add(f64x2.add(f64x2.mul(c2, v0), f64x2.mul(f64x2.add(c0, c4), v2)), f64x2.mul(f64x2.add(c1, c3), v1));
    if (single) sum = f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(sum));
    bits |= i64x2.bitmask(f64x2.lt(sum, vt)) << k;
  }
  return length == 32 ? bits : bits & ((1 << length) - 1);
}

// @ts-expect-error: decorator
@inline
function four(at: usize): v128 {
  return i32x4.extend_low_i16x8_s(v128.load64_zero(at));
}

// @ts-expect-error: decorator
@inline
function upper(v: v128): v128 {
  return v128.shuffle<i32>(v, v, 2, 3, 2, 3);
}
