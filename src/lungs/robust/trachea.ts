import { labelRuns } from "../../ops/label.ts";
import { extractRuns, setRun } from "../../ops/runs.ts";
import { BitVolume } from "../../volume/bit-volume.ts";
import type { Body } from "./body.ts";
import { below, type WorkGrid } from "./work-grid.ts";

/** A round, dark spot of a slice. */
interface Spot {
  readonly z: number;
  readonly y: number;
  readonly x: number;
  /** mm² */
  readonly area: number;
  /** Runs `[row, start, end]`. */
  readonly runs: readonly (readonly [number, number, number])[];
  /** Sum over the chain of spots that ends here, and the spot before it. */
  score: number;
  before?: Spot;
}

/** A trachea's cross-section, mm², in an adult; others in proportion to the body's. */
const SECTION: readonly [number, number] = [40, 700];
/** Its lumen's mean, where partial volume is left out, lies below this, HU. */
const LUMEN = -850;
/** How far its centre moves sideways from slice to slice at most, mm a mm of height; and what a gap it may have, mm. */
const SLOPE = 1.2;
const SHORTEST = 25;

/**
 * Finds the trachea on the work grid: the longest chain of round, dark spots of its size that lie one above the
 * other in the middle of the body, wherever in the scan, which way up it may be.
 *
 * @returns its lumen; empty where there is none
 */
export function findTrachea(grid: WorkGrid, body: Body): BitVolume {
  const { shape, spacing } = grid;
  const slices = spotsOf(grid, body);
  const scale = body.size;
  let best: Spot | undefined;
  slices.forEach((spots, z) => {
    for (const spot of spots) {
      for (const other of slices[z - 1] ?? []) {
        const shift = Math.hypot((spot.y - other.y) * spacing[1], (spot.x - other.x) * spacing[2]);
        const ratio = spot.area / other.area;
        if (shift > SLOPE * spacing[0] + 2 * spacing[2] || ratio > 2.2 || ratio < 1 / 2.2) continue;
        if (spot.before === undefined || other.score > spot.before.score) spot.before = other;
      }
      spot.score += spot.before?.score ?? 0;
      if (best === undefined || spot.score > best.score) best = spot;
    }
  });
  const out = new BitVolume(shape);
  if (best === undefined || lengthOf(best) * spacing[0] < SHORTEST * scale) return out;
  for (let spot: Spot | undefined = best; spot !== undefined; spot = spot.before) {
    for (const [row, start, end] of spot.runs) setRun(out.words, row * out.wordsPerRow, start, end);
  }
  return out;
}

function lengthOf(spot: Spot): number {
  let n = 0;
  for (let s: Spot | undefined = spot; s !== undefined; s = s.before) n++;
  return n;
}

/** For each slice the spots that may be trachea. */
function spotsOf({ mean, shape, spacing }: WorkGrid, body: Body): Spot[][] {
  const [nz, ny, nx] = shape;
  const pixel = spacing[1] * spacing[2];
  const [least, most] = SECTION.map((a) => a * body.size ** 2) as [number, number];
  const { runs, root } = labelRuns(extractRuns(below(mean, shape, -600)), 8);
  const slices: Spot[][] = [];
  for (let z = 0; z < nz; z++) {
    const found = new Map<number, [number, number, number][]>();
    for (let row = z * ny; row < (z + 1) * ny; row++) {
      for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
        const list = found.get(root[i]!) ?? [];
        list.push([row, runs.start[i]!, runs.end[i]!]);
        found.set(root[i]!, list);
      }
    }
    const spots: Spot[] = [];
    const middle = bodyMiddle(body.mask, z);
    if (middle !== undefined) {
      for (const list of found.values()) {
        const spot = spotOf(list, z, mean, shape, spacing);
        if (spot === undefined || spot.area < least || spot.area > most) continue;
        if (spot.area < pixel || !body.mask.get(z, Math.round(spot.y), Math.round(spot.x))) continue;
        // The airways lie in the middle third of the body's width.
        const off = Math.abs(spot.x - middle.x) / middle.width;
        if (off > 0.2) continue;
        spot.score = 1 - 2 * off;
        spots.push(spot);
      }
    }
    slices.push(spots);
  }
  return slices;
  function spotOf(
    list: [number, number, number][],
    z: number,
    values: Int16Array,
    _shape: readonly number[],
    sp: readonly number[],
  ): Spot | undefined {
    let n = 0;
    let [sx, sy, darkest] = [0, 0, 0];
    let [x0, x1] = [nx, 0];
    for (const [row, start, end] of list) {
      n += end - start;
      sy += (row % ny) * (end - start);
      sx += ((start + end - 1) * (end - start)) / 2;
      x0 = Math.min(x0, start);
      x1 = Math.max(x1, end);
      for (let x = start; x < end; x++) darkest = Math.min(darkest, values[row * nx + x]!);
    }
    if (n * pixel > most) return undefined;
    const tall = (list.at(-1)![0] - list[0]![0] + 1) * sp[1]!;
    const wide = (x1 - x0) * sp[2]!;
    if (darkest > LUMEN || tall > 3 * wide || wide > 2.5 * tall || n * pixel < 0.45 * tall * wide) return undefined;
    return { z, y: sy / n, x: sx / n, area: n * pixel, runs: list, score: 1 };
  }
}

function bodyMiddle(body: BitVolume, z: number): { x: number; width: number } | undefined {
  const [, ny, nx] = body.shape;
  const columns = new Uint32Array(body.wordsPerRow);
  for (let y = 0; y < ny; y++) {
    for (let w = 0; w < body.wordsPerRow; w++) columns[w]! |= body.words[(z * ny + y) * body.wordsPerRow + w]!;
  }
  let [first, last] = [-1, -1];
  for (let x = 0; x < nx; x++) {
    if (((columns[x >> 5]! >>> (x & 31)) & 1) === 0) continue;
    if (first < 0) first = x;
    last = x;
  }
  return first < 0 ? undefined : { x: (first + last) / 2, width: last - first + 1 };
}
