// Whole masks at a time: src/volume/bit-volume.ts and src/ops/box.ts.

/** Number of set bits. */
export function countBits(words: usize, count: i32): i32 {
  let sums = v128.splat<i32>(0);
  const end = words + ((<usize>count) << 2);
  for (; words + 16 <= end; words += 16) {
    const bytes = i8x16.popcnt(v128.load(words));
    sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes)));
  }
  let total = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1);
  total += i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  for (; words < end; words += 4) total += popcnt(load<i32>(words));
  return total;
}

/** Ors words into others. */
export function orBits(into: usize, words: usize, count: i32): void {
  const end = words + ((<usize>count) << 2);
  for (; words + 16 <= end; words += 16, into += 16) {
    v128.store(into, v128.or(v128.load(into), v128.load(words)));
  }
  for (; words < end; words += 4, into += 4) store<i32>(into, load<i32>(into) | load<i32>(words));
}

/**
 * First and last plane and row with a set bit, and the bits that are set in any row.
 *
 * @param columns - int32[wordsPerRow], zeros; receives all rows' words ored
 * @param bounds - int32[4]: receives first and last plane, first and last row; -1 for an empty mask
 */
export function boundsOf(
  words: usize,
  planes: i32,
  rowsPerPlane: i32,
  wordsPerRow: i32,
  columns: usize,
  bounds: usize,
): void {
  let z0 = -1;
  let z1 = -1;
  let y0 = rowsPerPlane;
  let y1 = -1;
  const rowBytes = (<usize>wordsPerRow) << 2;
  for (let z = 0; z < planes; z++) {
    for (let y = 0; y < rowsPerPlane; y++, words += rowBytes) {
      if (!anyBit(words, rowBytes)) continue;
      orBits(columns, words, wordsPerRow);
      if (z0 < 0) z0 = z;
      z1 = z;
      y0 = min(y0, y);
      y1 = max(y1, y);
    }
  }
  store<i32>(bounds, z0);
  store<i32>(bounds, z1, 4);
  store<i32>(bounds, y0, 8);
  store<i32>(bounds, y1, 12);
}

function anyBit(words: usize, bytes: usize): bool {
  const end = words + bytes;
  for (; words + 16 <= end; words += 16) if (v128.any_true(v128.load(words))) return true;
  for (; words < end; words += 4) if (load<i32>(words) != 0) return true;
  return false;
}
