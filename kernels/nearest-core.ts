// Which of two cores is nearer, as far as boxes tell: src/lungs/nearest-core.ts.

import { boundsOf } from "./bits";
import { boxDilateFrom } from "./box-dilate";

/** Larger boxes follow where these gave away at least one in so many voxels. */
const WORTH_WHILE = 4;

/** Pointers to masks of one shape, int32[nz * ny * words] each. */
// @ts-expect-error: decorator
@unmanaged
class Halves {
  core1: usize;
  core2: usize;
  /** What belongs to the first core, and to the second. */
  first: usize;
  second: usize;
  /** What boxes have still to decide. */
  rest: usize;
  /** What they cannot decide. */
  ripe: usize;
}

/** Clears in a mask of `count` words what is in either of two others. */
export function clearBoth(mask: usize, one: usize, two: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 4) {
    store<i32>(mask + i, load<i32>(mask + i) & ~(load<i32>(one + i) | load<i32>(two + i)));
  }
}

/**
 * Gives away what lies within a box around one core while the other core has nothing in a larger
 * box; what lies in the smaller boxes and is not given away becomes ripe.
 *
 * @param inner - int32[3]: radii of the smaller box, z, y, x
 * @param outer - int32[3]: radii of the larger box, nowhere less
 * @param level - written to `levels` at each plane with a voxel that becomes ripe
 * @param levels - int32[nz]
 * @param scratch - as much as five masks, and int32[wordsPerRow + 24]
 * @returns whether so much was given away that larger boxes are worth while, and they may decide any of the rest
 */
export function decideByBoxes(
  halves: Halves,
  nz: i32,
  ny: i32,
  nx: i32,
  inner: usize,
  outer: usize,
  level: i32,
  levels: usize,
  scratch: usize,
): bool {
  const words = (nx + 31) >>> 5;
  const rowBytes = (<usize>words) << 2;
  const pitch = rowBytes * ny;
  const bounds = scratch;
  const columns = scratch + 16;
  memory.fill(columns, 0, rowBytes);
  boundsOf(halves.rest, nz, ny, words, columns, bounds);
  const z0 = load<i32>(bounds);
  if (z0 < 0) return false;
  const z1 = load<i32>(bounds, 4) + 1;
  const y0 = load<i32>(bounds, 8);
  const y1 = load<i32>(bounds, 12) + 1;
  // What the larger boxes around the rest reach; masks are laid out without the rows beyond.
  const fromZ = max(0, z0 - load<i32>(outer));
  const fromY = max(0, y0 - load<i32>(outer, 4));
  const planes = min(nz, z1 + load<i32>(outer)) - fromZ;
  const rows = min(ny, y1 + load<i32>(outer, 4)) - fromY;
  const near1 = columns + ((rowBytes + 15) & ~15);
  const size = (pitch * nz + 15) & ~15;
  const near2 = near1 + size;
  const maybe1 = near2 + size;
  const maybe2 = maybe1 + size;
  const spare = maybe2 + size;
  const from = pitch * fromZ + rowBytes * fromY;
  widen(halves.core1 + from, pitch, planes, rows, nx, inner, outer, near1, maybe1, spare);
  widen(halves.core2 + from, pitch, planes, rows, nx, inner, outer, near2, maybe2, spare);

  let seen = 0;
  let given = 0;
  let hopeful = 0;
  for (let z = z0; z < z1; z++) {
    let found = 0;
    let i = pitch * z + rowBytes * y0;
    const end = i + rowBytes * (y1 - y0);
    let k = rowBytes * (rows * (z - fromZ) + y0 - fromY);
    for (; i < end; i += 4, k += 4) {
      const rest = load<i32>(halves.rest + i);
      if (rest == 0) continue;
      const one = load<i32>(near1 + k);
      const two = load<i32>(near2 + k);
      const to1 = rest & one & ~load<i32>(maybe2 + k);
      const to2 = rest & two & ~load<i32>(maybe1 + k);
      const left = rest & ~(one | two);
      seen += popcnt(rest);
      given += popcnt(to1 | to2);
      const ripe = rest & ~(to1 | to2 | left);
      found |= ripe;
      hopeful |= left & ~(load<i32>(maybe1 + k) & load<i32>(maybe2 + k));
      store<i32>(halves.first + i, load<i32>(halves.first + i) | to1);
      store<i32>(halves.second + i, load<i32>(halves.second + i) | to2);
      store<i32>(halves.ripe + i, load<i32>(halves.ripe + i) | ripe);
      store<i32>(halves.rest + i, left);
    }
    if (found != 0) store<i32>(levels + ((<usize>z) << 2), level);
  }
  return hopeful != 0 && WORTH_WHILE * given >= seen;
}

/** Says that boxes decide none of the rest: it is ripe too, and `levels` gets `level` where there is any. */
export function ripenRest(halves: Halves, nz: i32, ny: i32, nx: i32, level: i32, levels: usize): void {
  const planeBytes = (<usize>(ny * ((nx + 31) >>> 5))) << 2;
  for (let z = 0, i: usize = 0; z < nz; z++) {
    let found = 0;
    for (const end = i + planeBytes; i < end; i += 4) {
      const rest = load<i32>(halves.rest + i);
      if (rest == 0) continue;
      found |= rest;
      store<i32>(halves.ripe + i, load<i32>(halves.ripe + i) | rest);
    }
    if (found != 0) store<i32>(levels + ((<usize>z) << 2), level);
  }
}

/** Dilates a core by the smaller box, and that again so far that it is dilated by the larger one. */
function widen(
  core: usize,
  pitch: usize,
  nz: i32,
  ny: i32,
  nx: i32,
  inner: usize,
  outer: usize,
  near: usize,
  maybe: usize,
  scratch: usize,
): void {
  const rz = load<i32>(inner);
  const ry = load<i32>(inner, 4);
  const rx = load<i32>(inner, 8);
  boxDilateFrom(core, pitch, nz, ny, nx, rz, ry, rx, near, scratch);
  const plane = ((<usize>((nx + 31) >>> 5)) << 2) * ny;
  boxDilateFrom(near, plane, nz, ny, nx, load<i32>(outer) - rz, load<i32>(outer, 4) - ry, load<i32>(outer, 8) - rx, maybe, scratch);
}
