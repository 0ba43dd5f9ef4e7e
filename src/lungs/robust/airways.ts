import { dilateBall, openBall } from "../../ops/ball.ts";
import { connectedTo } from "../../ops/connected.ts";
import { intersect } from "../../ops/logic.ts";
import { type OptionTable, withDefaults } from "../../options.ts";
import type { BitVolume } from "../../volume/bit-volume.ts";
import type { Body } from "./body.ts";
import { findTrachea } from "./trachea.ts";
import { below, type WorkGrid } from "./work-grid.ts";

/** Thresholds that are tried, HU, from that of clean lumen to that of lung. */
const THRESHOLDS = [-960, -945, -930, -915, -900, -885, -870, -855, -840, -820, -800];
/** Trachea and bronchi down to the lobes hold so much in an adult, mm³ (CIP holds them to 30 mL below the larynx). */
const MOST = 80_000;
/** Options of {@link findAirways}. */
export const AIRWAY_OPTIONS = {
  /** A step of the threshold lets the tree grow by less than this factor; where it leaks into lung, by more. */
  leak: { default: 1.4, above: 1, most: 10, label: "Growth that is a leak", by: 0.1 },
  /** Thickness of the walls that count as airway, mm in an adult. */
  wall: { default: 2.5, unit: "mm", least: 0, most: 10, label: "Walls", by: 0.5 },
} as const satisfies OptionTable;

/** Options of {@link findAirways}; those left out have their defaults. */
export interface AirwayOptions {
  readonly leak?: number;
  readonly wall?: number;
}

/** What is certainly lung, not airway: dark and thicker than any airway, mm in an adult. */
const CORE = 14;

/**
 * Trachea and bronchi on the work grid, with their walls.
 *
 * @param soft - smoothed values of the grid, HU
 */
export function findAirways(grid: WorkGrid, soft: Int16Array, body: Body, options: AirwayOptions = {}): BitVolume {
  const { leak, wall } = withDefaults(AIRWAY_OPTIONS, options);
  const dark = intersect(below(soft, grid.shape, -500), body.mask);
  const core = openBall(dark, grid.spacing, CORE * body.size);
  return withWalls(grid, growAirways(grid, findTrachea(grid, body), core, body, leak), body, wall);
}

/**
 * The airway tree on the work grid, from the trachea to where its walls become too thin for the grid: what hangs
 * together with the trachea below the highest threshold at which it does not leak into a lung.
 *
 * @param trachea - its lumen, from `findTrachea`
 * @param lungs - what certainly is lung: the tree's growth into it is a leak
 */
function growAirways(grid: WorkGrid, trachea: BitVolume, lungs: BitVolume, body: Body, leak: number): BitVolume {
  const { mean, shape, spacing } = grid;
  const voxel = spacing[0] * spacing[1] * spacing[2];
  const most = Math.max(MOST * body.size ** 3, 1.6 * trachea.count() * voxel);
  let tree = trachea;
  let before = trachea.count();
  if (before === 0) return trachea;
  for (const threshold of THRESHOLDS) {
    const air = intersect(below(mean, shape, threshold), body.mask).union(trachea);
    const grown = connectedTo(air, trachea, 6);
    const n = grown.count();
    const inside = intersect(grown, lungs).count();
    if (n * voxel > most || (n > leak * before + 20 && before > 1.1 * trachea.count()) || inside > 0.25 * n) break;
    [tree, before] = [grown, n];
  }
  return tree;
}

/** Lumen with its wall: what is around it and not dense. */
function withWalls(grid: WorkGrid, tree: BitVolume, body: Body, wall: number): BitVolume {
  const near = dilateBall(tree, grid.spacing, Math.max(wall * body.size, Math.min(grid.spacing[1], grid.spacing[2])));
  return intersect(near, below(grid.mean, grid.shape, -200)).union(tree);
}
