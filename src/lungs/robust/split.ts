import { openBall } from "../../ops/ball.ts";
import { largeComponents } from "../../ops/connected.ts";
import { intersect, subtract } from "../../ops/logic.ts";
import { dilate } from "../../ops/morphology.ts";
import { extractRuns } from "../../ops/runs.ts";
import { type OptionTable, withDefaults } from "../../options.ts";
import type { Affine } from "../../volume/affine.ts";
import { BitVolume } from "../../volume/bit-volume.ts";
import type { Body } from "./body.ts";
import type { WorkGrid } from "./work-grid.ts";

/** Radii of the openings that are tried, mm in an adult (PTK opens by 1 to 14 voxels). */
const RADII = [0, 2, 4, 6, 8, 10, 12, 14, 17, 20];
/** Options of {@link splitSides}. */
export const SIDE_OPTIONS = {
  /** Of two parts the smaller one is a lung of its own when it has this share of the larger one's volume. */
  leastPart: { default: 0.12, least: 0, most: 1, label: "Smaller part", by: 0.01 },
} as const satisfies OptionTable;

/** Options of {@link splitSides}; those left out have their defaults. */
export interface SideOptions {
  readonly leastPart?: number;
}

/** The lungs as masks of the grid; one of them may be empty. */
export interface Sides {
  readonly right: BitVolume;
  readonly left: BitVolume;
}

/**
 * Tells two lungs apart by openings with growing balls until two large parts are left that lie beside each other,
 * and gives the rest to the part from which it is reached first. Where no opening does it there is one lung.
 */
export function splitSides(
  grid: WorkGrid,
  lungs: BitVolume,
  body: Body,
  affine: Affine,
  options: SideOptions = {},
): Sides {
  const { leastPart } = withDefaults(SIDE_OPTIONS, options);
  const { spacing, shape } = grid;
  for (const radius of RADII) {
    const r = radius * body.size;
    if (radius > 0 && r < Math.min(spacing[1], spacing[2])) continue;
    const opened = radius === 0 ? lungs : openBall(lungs, spacing, r);
    const parts = largeComponents(opened, 6, 0.02 * lungs.count());
    if (parts.length < 2) continue;
    const centres = parts.map((p) => centroid(p));
    const first = parts[0]!;
    // The largest part that lies beside the first one, not above or behind it.
    const other = parts.findIndex((p, i) => i > 0 && p.count() >= leastPart * first.count() && beside(i));
    if (other < 0) continue;
    const seeds: [BitVolume, BitVolume] = [first, parts[other]!];
    // Further parts belong to the nearer of the two.
    parts.forEach((p, i) => {
      if (i === 0 || i === other) return;
      const near = leftness(affine, grid, centres[i]!);
      const d = [0, other].map((k) => Math.abs(near - leftness(affine, grid, centres[k]!)));
      const k = d[0]! <= d[1]! ? 0 : 1;
      seeds[k] = seeds[k].union(p);
    });
    const [a, b] = growBoth(seeds[0], seeds[1], lungs);
    const inOrder = leftness(affine, grid, centroid(a)) <= leftness(affine, grid, centroid(b));
    return inOrder ? { right: a, left: b } : { right: b, left: a };
    function beside(i: number): boolean {
      const across = Math.abs(leftness(affine, grid, centres[i]!) - leftness(affine, grid, centres[0]!));
      const along = [0, 1].map((k) => Math.abs(centres[i]![k]! - centres[0]![k]!) * spacing[k]!);
      return across > 0.2 * widthOf(body.mask) * spacing[2] && across > Math.max(...along);
    }
  }
  const empty = new BitVolume(shape);
  const middle = leftness(affine, grid, centroid(body.mask));
  return leftness(affine, grid, centroid(lungs)) <= middle
    ? { right: lungs, left: empty }
    : { right: empty, left: lungs };
}

/** Grows two masks within a third, step by step, until nothing changes; what both reach at once is the first one's. */
export function growBoth(first: BitVolume, second: BitVolume, within: BitVolume): [BitVolume, BitVolume] {
  let [a, b] = [intersect(first, within), intersect(second, within)];
  b = subtract(b, a);
  for (let before = -1, n = a.count() + b.count(); n !== before; ) {
    before = n;
    a = a.union(subtract(intersect(dilate(a), within), b));
    b = b.union(subtract(intersect(dilate(b), within), a));
    n = a.count() + b.count();
  }
  return [a, b];
}

/** Mean index of a mask's voxels, `[z, y, x]`. */
export function centroid(mask: BitVolume): [number, number, number] {
  const { start, end, rowStart, planes, rowsPerPlane } = extractRuns(mask);
  let [n, sz, sy, sx] = [0, 0, 0, 0];
  for (let row = 0; row < planes * rowsPerPlane; row++) {
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      const k = end[i]! - start[i]!;
      n += k;
      sz += k * Math.floor(row / rowsPerPlane);
      sy += k * (row % rowsPerPlane);
      sx += (k * (start[i]! + end[i]! - 1)) / 2;
    }
  }
  return [sz / n, sy / n, sx / n];
}

/** Position along the axis to the patient's left, mm, of an index of the grid. */
function leftness(affine: Affine, { factor }: WorkGrid, [z, y, x]: readonly [number, number, number]): number {
  return affine[0] * factor[0] * z + affine[1] * factor[1] * y + affine[2] * factor[2] * x;
}

function widthOf(mask: BitVolume): number {
  const { start, end } = extractRuns(mask);
  let [low, high] = [Infinity, 0];
  for (let i = 0; i < start.length; i++) {
    low = Math.min(low, start[i]!);
    high = Math.max(high, end[i]!);
  }
  return high - low;
}
