import { openBall } from "../../ops/ball.ts";
import { connectedTo, largestComponent } from "../../ops/connected.ts";
import { complement, intersect } from "../../ops/logic.ts";
import { dilateBall } from "../../ops/ball.ts";
import { dilate } from "../../ops/morphology.ts";
import { labelRuns } from "../../ops/label.ts";
import { extractRuns } from "../../ops/runs.ts";
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
/** What gaps in the chest's wall a rolling ball does not fall into: its radius, mm. */
const ROLLING = 14;
/** How far air seeps into gaps that the ball does not fit into, mm. */
const SEEP = 14;

/**
 * Finds the body: the largest connected part of what is denser than fat is light, without what is thin,
 * and all that the air around cannot reach.
 *
 * The air is let in from the sides of the scan only where these are as dark as air: where the field of
 * view cuts through a lung they are not. It comes as a ball that does not fit through gaps in the wall.
 *
 * @param dark - smoothed values of the grid, HU
 */
export function findBody(grid: WorkGrid, dark: Int16Array): Body {
  const { mean, shape, spacing } = grid;
  const tissue = complement(below(mean, shape, -300));
  const solid = largestComponent(openBall(tissue, spacing, THIN), 6);
  const trunk = intersect(dilateBall(solid, spacing, 2 * THIN), tissue);
  const free = complement(trunk);
  const rolling = openBall(free, spacing, ROLLING);
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
  const sum = new Float64Array(runs.count);
  const count = new Float64Array(runs.count);
  for (let row = 0; row < nz * ny; row++) {
    for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
      for (let x = runs.start[i]!; x < runs.end[i]!; x++) if (dark[row * nx + x]! < AS_DARK_AS_AIR) sum[root[i]!]!++;
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
      (globalThis as any).SIDE?.set(root[i]!,[count[root[i]!], sum[root[i]!]! / count[root[i]!]!]); if (sum[root[i]!]! / count[root[i]!]! < (cornered.has(root[i]!) ? 0.03 : 0.6)) continue;
      for (let x = runs.start[i]!; x < runs.end[i]!; x++) out.set(Math.floor(row / ny), row % ny, x);
    }
  }
  return out;
}

/** Mean of air along a side of the scan, HU; a lung that the field of view cuts off lies above it. */
const AS_DARK_AS_AIR = -940;

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
