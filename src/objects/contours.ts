import type { MaskPlane } from "./pack-frames.ts";

/** A closed polygon: corners `[row, column]` in pixels, (0, 0) the centre of the first one; the last is joined to the first. */
export type Polygon = readonly (readonly [row: number, column: number])[];

/** Sides of a pixel's square of four neighbours' centres, and the ways to leave it. */
type Side = 0 | 1 | 2 | 3;

/** A corner twice its position, so that all are whole numbers. */
interface Corner {
  readonly r: number;
  readonly c: number;
}

/**
 * The outlines of a mask's plane: one polygon for each of its parts, with its holes cut out by a keyhole, a seam of no width from
 * the hole to an outline beside it.
 *
 * Outlines run half way between pixels that are in and those that are not, so every centre is on its side by a third of a pixel or
 * more, and no point is further than half a pixel from the true border. Parts that touch by a corner only are apart. Seams run
 * half way between two rows and meet no centre.
 *
 * Source: marching squares; DICOM PS3.3, C.8.8.6.3 (the keyhole technique).
 */
export function outlines(plane: MaskPlane): Polygon[] {
  const rings = traceRings(plane);
  return joinHoles(rings, plane).map((ring) => simplified(ring).map(({ r, c }) => [r / 2, c / 2] as const));
}

/** Closed ways along the border, the mask always on the same side: clockwise around parts, counter-clockwise around holes. */
function traceRings(plane: MaskPlane): Corner[][] {
  const { mask, slice } = plane;
  const [, ny, nx] = mask.shape;
  const isIn = (y: number, x: number): boolean => y >= 0 && x >= 0 && y < ny && x < nx && mask.get(slice, y, x);
  const seen = new Set<number>();
  const rings: Corner[][] = [];
  const { words, wordsPerRow } = mask;
  const first = slice * ny * wordsPerRow;
  for (let i = 0; i < ny * wordsPerRow; i++) {
    // Every ring goes somewhere along the upper side of a pixel that is in.
    const above = i < wordsPerRow ? 0 : words[first + i - wordsPerRow]!;
    for (let tops = words[first + i]! & ~above; tops !== 0; tops &= tops - 1) {
      const y = Math.floor(i / wordsPerRow);
      const x = 32 * (i % wordsPerRow) + 31 - Math.clz32(tops & -tops);
      if (!seen.has(y * nx + x)) rings.push(follow(y, x, isIn, (top, column) => seen.add(top * nx + column)));
    }
  }
  return rings;
}

/** Follows the border from the upper side of a pixel, to the right. Pixels that touch by a corner are not joined. */
function follow(
  startY: number,
  startX: number,
  isIn: (y: number, x: number) => boolean,
  onTop: (y: number, x: number) => void,
): Corner[] {
  const ring: Corner[] = [];
  let [y, x, side] = [startY, startX, 0 as Side];
  do {
    if (side === 0) onTop(y, x);
    ring.push(middle(y, x, side));
    // Ahead along the side, and beside that outside of it.
    const [ay, ax] = AHEAD[side]!;
    const [oy, ox] = OUT[side]!;
    if (!isIn(y + ay, x + ax)) side = ((side + 1) % 4) as Side;
    else if (!isIn(y + ay + oy, x + ax + ox)) [y, x] = [y + ay, x + ax];
    else [y, x, side] = [y + ay + oy, x + ax + ox, ((side + 3) % 4) as Side];
  } while (y !== startY || x !== startX || side !== 0);
  return ring;
}

/** For the upper, right, lower and left side of a pixel: the way along it, clockwise, and the way out. */
const AHEAD = [
  [0, 1],
  [1, 0],
  [0, -1],
  [-1, 0],
] as const;
const OUT = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
] as const;

function middle(y: number, x: number, side: Side): Corner {
  return { r: 2 * y + OUT[side]![0], c: 2 * x + OUT[side]![1] };
}

/** Twice the area, positive for rings around parts. */
function area(ring: readonly Corner[]): number {
  let sum = 0;
  for (const [i, a] of ring.entries()) {
    const b = ring[(i + 1) % ring.length]!;
    sum += a.c * b.r - b.c * a.r;
  }
  return sum;
}

/**
 * Joins each hole to the outline that lies to the left of its uppermost corner: seams run along the line above that corner's row.
 * From the top down, what a seam meets is an outline or a hole that has been joined to one.
 */
function joinHoles(rings: readonly Corner[][], { mask, slice }: MaskPlane): Corner[][] {
  const parts = rings.filter((ring) => area(ring) > 0);
  const holes = rings.filter((ring) => area(ring) <= 0).map((ring) => ({ ring, top: uppermost(ring) }));
  if (holes.length === 0) return parts;
  holes.sort((a, b) => a.ring[a.top]!.r - b.ring[b.top]!.r || a.ring[a.top]!.c - b.ring[b.top]!.c);
  // Corners of outlines by their place, and the outline that each belongs to.
  const owner = new Map<string, Corner[]>();
  const own = (ring: readonly Corner[], by: Corner[]): void => {
    for (const { r, c } of ring) owner.set(`${r} ${c}`, by);
  };
  for (const part of parts) own(part, part);
  for (const { ring, top } of holes) {
    const from = ring[top]!;
    const above = (from.r - 1) / 2;
    const isIn = (x: number): readonly [boolean, boolean] => [mask.get(slice, above, x), mask.get(slice, above + 1, x)];
    let x = from.c / 2 - 1;
    while (isIn(x).every(Boolean)) x--;
    // One of the two pixels is out: a corner of an outline lies there; or both: an outline crosses half a pixel before.
    const isCorner = isIn(x)[0] || isIn(x)[1];
    const to: Corner = isCorner ? { r: from.r, c: 2 * x } : { r: from.r, c: 2 * x + 1 };
    const before = isCorner ? to : { r: from.r - 1, c: 2 * x + 1 };
    const after = { r: from.r + 1, c: 2 * x + 1 };
    const outline = owner.get(`${before.r} ${before.c}`)!;
    const at = isCorner
      ? outline.findIndex(({ r, c }) => r === to.r && c === to.c)
      : outline.findIndex((corner, i) => joins(corner, outline[(i + 1) % outline.length]!, before, after));
    const whole = [...ring.slice(top), ...ring.slice(0, top), from];
    const seam = isCorner ? [...whole, to] : [to, ...whole, to];
    outline.splice(at + 1, 0, ...seam);
    own(ring, outline);
  }
  return parts;
}

function joins(a: Corner, b: Corner, p: Corner, q: Corner): boolean {
  const same = (one: Corner, other: Corner): boolean => one.r === other.r && one.c === other.c;
  return (same(a, p) && same(b, q)) || (same(a, q) && same(b, p));
}

/** Index of the uppermost corner of a ring, of several the leftmost. */
function uppermost(ring: readonly Corner[]): number {
  let best = 0;
  for (const [i, { r, c }] of ring.entries()) {
    if (r < ring[best]!.r || (r === ring[best]!.r && c < ring[best]!.c)) best = i;
  }
  return best;
}

/** Leaves out corners on straight ways. */
function simplified(ring: readonly Corner[]): Corner[] {
  return ring.filter((corner, i) => {
    const before = ring[(i + ring.length - 1) % ring.length]!;
    const after = ring[(i + 1) % ring.length]!;
    const [ar, ac] = [corner.r - before.r, corner.c - before.c];
    const [br, bc] = [after.r - corner.r, after.c - corner.c];
    // Straight on, not back again: seams turn round.
    return ar * bc !== ac * br || ar * br + ac * bc <= 0;
  });
}
