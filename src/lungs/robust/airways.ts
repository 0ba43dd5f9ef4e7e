import { dilateBall } from "../../ops/ball.ts";
import { connectedTo } from "../../ops/connected.ts";
import { intersect, subtract } from "../../ops/logic.ts";
import type { BitVolume } from "../../volume/bit-volume.ts";
import type { Body } from "./body.ts";
import { below, type WorkGrid } from "./work-grid.ts";

/** Thresholds that are tried, HU, from that of clean lumen to that of lung. */
const THRESHOLDS = [-960, -945, -930, -915, -900, -885, -870, -855, -840, -820, -800];
/** Trachea and bronchi down to the lobes hold so much in an adult, mm³ (CIP holds them to 30 mL below the larynx). */
const MOST = 80_000;
/** One step of the threshold lets the tree grow by a little; in lung it grows by a multiple. */
const LEAK = 1.4;

/**
 * The airway tree on the work grid, from the trachea to where its walls become too thin for the grid: what hangs
 * together with the trachea below the highest threshold at which it does not leak into a lung.
 *
 * @param trachea - its lumen, from `findTrachea`
 * @param lungs - what certainly is lung: the tree's growth into it is a leak
 */
export function growAirways(grid: WorkGrid, trachea: BitVolume, lungs: BitVolume, body: Body): BitVolume {
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
    if (n * voxel > most || (n > LEAK * before + 20 && before > 1.1 * trachea.count()) || inside > 0.25 * n) break;
    [tree, before] = [grown, n];
  }
  return tree;
}

/** Lumen with its wall: partial volume around it, at most 2.5 mm in an adult, and not far into tissue. */
export function withWalls(grid: WorkGrid, tree: BitVolume, body: Body): BitVolume {
  const near = dilateBall(tree, grid.spacing, Math.max(2.5 * body.size, Math.min(grid.spacing[1], grid.spacing[2])));
  return intersect(near, below(grid.mean, grid.shape, -200)).union(tree);
}

export { subtract };
