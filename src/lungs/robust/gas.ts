import { largeComponents } from "../../ops/connected.ts";
import { intersect, subtract } from "../../ops/logic.ts";
import { dilate } from "../../ops/morphology.ts";
import { BitVolume } from "../../volume/bit-volume.ts";
import type { Body } from "./body.ts";
import { below, type WorkGrid } from "./work-grid.ts";

/** A block of nothing but gas holds no value above this, HU: even the emptiest lung has vessels. */
const PURE = -900;
/** Values that lie above this in a block are a wall: pleura, bowel's or stomach's wall, chest wall, HU. */
const WALL = -600;
/** A body of gas is walled off when so much of its surface is wall. Bullae within a lung are open to it. */
const WALLED = 0.8;
/** Gas below this volume, mm³ in an adult, is left to the lung around it. */
const LEAST = 4_000;

/**
 * Finds gas in the body that is no lung: in the pleural space, in bowel and stomach, in a table's
 * hollows. It is empty, block by block, and walled off on all sides.
 *
 * @param air - air in the body less airways
 */
export function walledGas(grid: WorkGrid, air: BitVolume, body: Body): BitVolume {
  const { most, shape, spacing } = grid;
  const pure = intersect(below(most, shape, PURE), air);
  const walls = subtract(air.union(dilate(air)), below(most, shape, WALL));
  const voxel = spacing[0] * spacing[1] * spacing[2];
  let gas = new BitVolume(shape);
  for (const part of largeComponents(pure, 6, (LEAST * body.size ** 3) / voxel)) {
    const shell = subtract(dilate(part), part);
    if (intersect(shell, walls).count() >= WALLED * shell.count()) gas = gas.union(part);
  }
  return gas;
}
