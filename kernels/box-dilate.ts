// Dilation by a box: src/ops/box-dilate.ts.

import { setRun } from "./runs";

/**
 * Dilates some planes and rows of a mask by a box; true voxels outside them do not count.
 *
 * @param mask - the first word of the first row
 * @param pitch - bytes from one plane of the mask to the next
 * @param out - int32[nz * ny * words]; receives the result without gaps between planes
 * @param scratch - the same size
 */
export function boxDilateFrom(
  mask: usize,
  pitch: usize,
  nz: i32,
  ny: i32,
  nx: i32,
  rz: i32,
  ry: i32,
  rx: i32,
  out: usize,
  scratch: usize,
): void {
  const words = (nx + 31) >>> 5;
  const rowBytes = (<usize>words) << 2;
  const planeBytes = rowBytes * ny;
  memory.fill(out, 0, planeBytes * nz);
  for (let z = 0; z < nz; z++) {
    const plane = out + planeBytes * z;
    for (let y = 0; y < ny; y++) widenRow(mask + pitch * z + rowBytes * y, words, nx, rx, plane + rowBytes * y);
    spread(plane, rowBytes, ny, ry, scratch);
  }
  spread(out, planeBytes, nz, rz, scratch);
}

/** Sets all that lies within `radius` columns of a row's true voxels. */
function widenRow(from: usize, words: i32, nx: i32, radius: i32, to: usize): void {
  let open = 0;
  let start = 0;
  for (let w = 0; w < words; w++) {
    const bits = load<i32>(from + ((<usize>w) << 2));
    let edges = bits ^ ((bits << 1) | open);
    while (edges != 0) {
      const x = (w << 5) + ctz(edges);
      if (open == 0) start = x;
      else setRun(to, max(0, start - radius), min(nx, x + radius));
      open ^= 1;
      edges &= edges - 1;
    }
  }
  if (open != 0) setRun(to, max(0, start - radius), nx);
}

/**
 * Ors blocks of bytes with those up to `radius` blocks away, in place, whatever the radius by two
 * looks at each: a window of 2 * radius + 1 blocks ends in one group of so many and begins in the
 * one before, so it is what ends one group and what begins the next.
 *
 * @see M. van Herk, Pattern Recognition Letters 13 (1992) 517–521, doi:10.1016/0167-8655(92)90069-C
 */
function spread(at: usize, block: usize, blocks: i32, radius: i32, scratch: usize): void {
  if (radius == 0) return;
  const width = 2 * radius + 1;
  for (let from = 0; from < blocks; from += width) {
    const to = min(from + width, blocks);
    // From each block to the end of its group, and from the beginning of its group to each block.
    memory.copy(scratch + block * (to - 1), at + block * (to - 1), block);
    for (let b = to - 2; b >= from; b--) orTo(scratch + block * b, at + block * b, scratch + block * (b + 1), block);
    for (let b = from + 1; b < to; b++) orTo(at + block * b, at + block * b, at + block * (b - 1), block);
  }
  const lastGroup = (blocks - 1) / width;
  for (let b = 0; b < blocks; b++) {
    const first = b - radius;
    const last = min(b + radius, blocks - 1);
    const to = at + block * b;
    if (first < 0) memory.copy(to, at + block * last, block);
    else if (last == blocks - 1 && first / width == lastGroup) memory.copy(to, scratch + block * first, block);
    else orTo(to, at + block * last, scratch + block * first, block);
  }
}

/** Writes a | b. */
// @ts-expect-error: decorator
@inline
function orTo(to: usize, a: usize, b: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, v128.or(v128.load(a + i), v128.load(b + i)));
  for (; i < bytes; i += 4) store<i32>(to + i, load<i32>(a + i) | load<i32>(b + i));
}
