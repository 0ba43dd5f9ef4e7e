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
/** How far its centre moves sideways at most, mm for each mm of height. */
const SLOPE = 1.2;
/** How far from the middle of the body's width it lies at most, in widths. */
const OFF_MIDDLE = 0.2;
/** A chain of spots is a trachea from this length on, mm in an adult. */
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
function spotsOf(grid: WorkGrid, body: Body): Spot[][] {
  const [nz, ny] = grid.shape;
  const { runs, root } = labelRuns(extractRuns(below(grid.mean, grid.shape, -600)), 8);
  const slices: Spot[][] = [];
  for (let z = 0; z < nz; z++) {
    const found = new Map<number, [number, number, number][]>();
    for (let row = z * ny; row < (z + 1) * ny; row++) {
      for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
        const run: [number, number, number] = [row, runs.start[i]!, runs.end[i]!];
        const list = found.get(root[i]!);
        if (list === undefined) found.set(root[i]!, [run]);
        else list.push(run);
      }
    }
    const middle = bodyMiddle(body.mask, z);
    const spots = [...found.values()].map((list) => middle && spotOf(list, z, grid, body, middle));
    slices.push(spots.filter((spot) => spot !== undefined));
  }
  return slices;
}

/** A region of a slice as a spot, unless size, shape, darkness or place speak against it. */
function spotOf(
  list: readonly (readonly [number, number, number])[],
  z: number,
  { mean, shape: [, ny, nx], spacing }: WorkGrid,
  { mask, size }: Body,
  middle: { readonly x: number; readonly width: number },
): Spot | undefined {
  let [n, sx, sy, darkest] = [0, 0, 0, 0];
  let [x0, x1] = [nx, 0];
  for (const [row, start, end] of list) {
    n += end - start;
    sy += (row % ny) * (end - start);
    sx += ((start + end - 1) * (end - start)) / 2;
    x0 = Math.min(x0, start);
    x1 = Math.max(x1, end);
    for (let x = start; x < end; x++) darkest = Math.min(darkest, mean[row * nx + x]!);
  }
  const area = n * spacing[1] * spacing[2];
  const tall = (list.at(-1)![0] - list[0]![0] + 1) * spacing[1];
  const wide = (x1 - x0) * spacing[2];
  if (area < SECTION[0] * size ** 2 || area > SECTION[1] * size ** 2 || darkest > LUMEN) return undefined;
  if (tall > 3 * wide || wide > 2.5 * tall || area < 0.45 * tall * wide) return undefined;
  const [y, x] = [sy / n, sx / n];
  const off = Math.abs(x - middle.x) / middle.width;
  if (off > OFF_MIDDLE || !mask.get(z, Math.round(y), Math.round(x))) return undefined;
  return { z, y, x, area, runs: list, score: 1 - 2 * off };
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
