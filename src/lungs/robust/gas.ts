import { largeComponents } from "../../ops/connected.ts";
import { intersect, subtract } from "../../ops/logic.ts";
import { dilate } from "../../ops/morphology.ts";
import { type OptionTable, withDefaults } from "../../options.ts";
import { BitVolume } from "../../volume/bit-volume.ts";
import type { Body } from "./body.ts";
import { below, type WorkGrid } from "./work-grid.ts";

/** A block of nothing but gas holds no value above this, HU: even the emptiest lung has vessels. */
const PURE = -900;
/** Values that lie above this in a block are a wall: pleura, bowel's or stomach's wall, chest wall, HU. */
const WALL = -600;
/** Options of {@link walledGas}. */
export const GAS_OPTIONS = {
  /** A body of gas is walled off when this share of its surface is wall. Bullae within a lung are open to it. */
  walled: { default: 0.75, least: 0, most: 1, label: "Share of wall", by: 0.05 },
} as const satisfies OptionTable;

/** Options of {@link walledGas}; those left out have their defaults. */
export interface GasOptions {
  readonly walled?: number;
}

/** Gas below this volume, mm³ in an adult, is left to the lung around it. */
const LEAST = 4_000;

/**
 * Finds gas in the body that is no lung: in the pleural space, in bowel and stomach, in a table's
 * hollows. It is empty, block by block, and walled off on all sides.
 *
 * @param air - air in the body less airways
 */
export function walledGas(grid: WorkGrid, air: BitVolume, body: Body, options: GasOptions = {}): BitVolume {
  const { walled } = withDefaults(GAS_OPTIONS, options);
  const { most, shape, spacing } = grid;
  const pure = intersect(below(most, shape, PURE), air);
  const walls = subtract(air.union(dilate(air)), below(most, shape, WALL));
  const voxel = spacing[0] * spacing[1] * spacing[2];
  let gas = new BitVolume(shape);
  for (const part of largeComponents(pure, 6, (LEAST * body.size ** 3) / voxel)) {
    const shell = subtract(dilate(part), part);
    if (intersect(shell, walls).count() >= walled * shell.count()) gas = gas.union(part);
  }
  return gas;
}
