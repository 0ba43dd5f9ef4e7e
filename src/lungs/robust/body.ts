import { dilateBall, openBall } from "../../ops/ball.ts";
import { connectedTo, largestComponent } from "../../ops/connected.ts";
import { labelRuns } from "../../ops/label.ts";
import { complement, intersect } from "../../ops/logic.ts";
import { dilate } from "../../ops/morphology.ts";
import { extractRuns } from "../../ops/runs.ts";
import { type OptionTable, withDefaults } from "../../options.ts";
import { BitVolume } from "../../volume/bit-volume.ts";
import { below, type WorkGrid } from "./work-grid.ts";

/** The body on the work grid. */
export interface Body {
  /** The body with all that it encloses. */
  readonly mask: BitVolume;
  /** The patient's size: side of the square of the body's median cross-section, over that of an adult. */
  readonly size: number;
}

/** Cross-section of an adult's chest, mm²: an ellipse of 340 × 230 mm. */
const ADULT_SECTION = 61_000;
/** Clothes, blankets, the table's shells and tubes are thinner than twice this, mm; the chest's wall is not. */
const THIN = 4;
/** Options of {@link findBody}. */
export const BODY_OPTIONS = {
  /** Radius of the ball that rolls along the skin and does not fall into gaps of the chest's wall, mm. */
  rolling: { default: 14, unit: "mm", above: 0, most: 60, label: "Ball along the skin", by: 1 },
} as const satisfies OptionTable;

/** Options of {@link findBody}; those left out have their defaults. */
export interface BodyOptions {
  readonly rolling?: number;
}

/** How far air seeps into gaps that the ball does not fit into, mm. */
const SEEP = 14;

/**
 * Finds the body: the largest connected part of what is not air or lung, without what is thin,
 * and all that the air around cannot reach.
 *
 * The air is let in from the sides of the scan only where these are as dark as air: where the field of
 * view cuts through a lung they are not. It comes as a ball that does not fit through gaps in the wall.
 *
 * @param dark - smoothed values of the grid, HU
 */
export function findBody(grid: WorkGrid, dark: Int16Array, options: BodyOptions = {}): Body {
  const { rolling: radius } = withDefaults(BODY_OPTIONS, options);
  const { mean, shape, spacing } = grid;
  const tissue = complement(below(mean, shape, -300));
  const solid = largestComponent(openBall(tissue, spacing, THIN), 6);
  const trunk = intersect(dilateBall(solid, spacing, 2 * THIN), tissue);
  const free = complement(trunk);
  const rolling = openBall(free, spacing, radius);
  const outside = connectedTo(rolling, openSides(rolling, dark), 6);
  const around = seep(outside, below(mean, shape, -500), Math.round(SEEP / Math.min(spacing[1], spacing[2])));
  const mask = largestComponent(complement(around), 6);
  return { mask, size: Math.sqrt(medianSection(mask, spacing[1] * spacing[2]) / ADULT_SECTION) };
}

/** Lets the outside into the air next to it by so many steps: into folds of the skin and between arm and chest. */
function seep(outside: BitVolume, air: BitVolume, steps: number): BitVolume {
  let out = outside;
  for (let k = 0; k < steps; k++) out = out.union(intersect(dilate(out), air));
  return out;
}

/** The parts of the four sides of the grid that are as dark as air on average. */
function openSides(free: BitVolume, dark: Int16Array): BitVolume {
  const [nz, ny, nx] = free.shape;
  const shell = new BitVolume(free.shape);
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const wholeRow = y === 0 || y === ny - 1;
      for (let x = 0; x < nx; x += wholeRow ? 1 : Math.max(1, nx - 1)) if (free.get(z, y, x)) shell.set(z, y, x);
    }
  }
  const { runs, root } = labelRuns(extractRuns(shell), 6);
  const dim = new Float64Array(runs.count);
  const count = new Float64Array(runs.count);
  for (let row = 0; row < nz * ny; row++) {
    for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
      for (let x = runs.start[i]!; x < runs.end[i]!; x++) if (dark[row * nx + x]! < AS_DARK_AS_AIR) dim[root[i]!]!++;
      count[root[i]!]! += runs.end[i]! - runs.start[i]!;
    }
  }
  const cornered = new Set<number>();
  for (let row = 0; row < nz * ny; row++) {
    if (row % ny !== 0 && row % ny !== ny - 1) continue;
    for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
      if (runs.start[i] === 0 || runs.end[i] === nx) cornered.add(root[i]!);
    }
  }
  const out = new BitVolume(free.shape);
  for (let row = 0; row < nz * ny; row++) {
    for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
      const part = root[i]!;
      if (dim[part]! < (cornered.has(part) ? LEAST_DARK_CORNERED : LEAST_DARK) * count[part]!) continue;
      for (let x = runs.start[i]!; x < runs.end[i]!; x++) out.set(Math.floor(row / ny), row % ny, x);
    }
  }
  return out;
}

/** Air at the side of a scan lies below this, HU; most of a lung that the field of view cuts off lies above. */
const AS_DARK_AS_AIR = -940;
/** Share of a part of the sides that must be that dark: less of one at a corner of the slices, where no lung is. */
const LEAST_DARK = 0.6;
const LEAST_DARK_CORNERED = 0.03;

function medianSection(mask: BitVolume, pixel: number): number {
  const { rowStart, rowsPerPlane, planes, start, end } = extractRuns(mask);
  const areas: number[] = [];
  for (let z = 0; z < planes; z++) {
    let n = 0;
    for (let i = rowStart[z * rowsPerPlane]!; i < rowStart[(z + 1) * rowsPerPlane]!; i++) n += end[i]! - start[i]!;
    if (n > 0) areas.push(n * pixel);
  }
  areas.sort((a, b) => a - b);
  return areas[areas.length >> 1] ?? 0;
}
