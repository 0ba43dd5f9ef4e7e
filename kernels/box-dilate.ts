// Dilation by a box: src/ops/box-dilate.ts.

import { setRun } from "./runs";

/**
 * @param mask - int32[nz * ny * words]
 * @param out - the same size, zeros; receives the result
 * @param scratch - the same size
 */
export function boxDilateBits(
  mask: usize,
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
  for (let row = 0; row < nz * ny; row++) {
    const at = (<usize>(row * words)) << 2;
    widenRow(mask + at, words, nx, rx, out + at);
  }
  const rowBytes = (<usize>words) << 2;
  for (let z = 0; z < nz; z++) spread(out + rowBytes * (z * ny), rowBytes, ny, ry, scratch);
  spread(out, rowBytes * ny, nz, rz, scratch);
}

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

/** Ors blocks with those up to `radius` blocks away, in place, in steps that double the reach. */
function spread(at: usize, block: usize, blocks: i32, radius: i32, scratch: usize): void {
  const bytes = block * blocks;
  for (let reached = 0; reached < radius; ) {
    const step = min(reached + 1, radius - reached);
    const away = block * step;
    reached += step;
    if (away >= bytes) continue;
    memory.copy(scratch, at, bytes);
    orInto(at + away, scratch, bytes - away);
    orInto(at, scratch + away, bytes - away);
  }
}

function orInto(to: usize, from: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, v128.or(v128.load(to + i), v128.load(from + i)));
  for (; i < bytes; i += 4) store<i32>(to + i, load<i32>(to + i) | load<i32>(from + i));
}
