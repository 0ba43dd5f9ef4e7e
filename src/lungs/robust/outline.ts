import { closeBall, dilateBall, peel } from "../../ops/ball.ts";
import { connectedTo } from "../../ops/connected.ts";
import { intersect, subtract } from "../../ops/logic.ts";
import { type OptionTable, withDefaults } from "../../options.ts";
import type { BitVolume } from "../../volume/bit-volume.ts";
import type { Volume } from "../../volume/volume.ts";
import { fillHoles } from "../fill-holes.ts";
import { fillSlices } from "../fill-slices.ts";
import type { Body } from "./body.ts";
import type { Calibration } from "./calibrate.ts";
import { borderLimit, denseEdge } from "./growth.ts";
import { belowWithin, drawBorder } from "./refine.ts";
import { growBoth, type Sides } from "./split.ts";
import { onScan, type WorkGrid } from "./work-grid.ts";

/** Options of {@link outlineLungs}. */
export const OUTLINE_OPTIONS = {
  /** Vessels and dents narrower than twice this are closed, mm in an adult. */
  closing: { default: 4, unit: "mm", least: 0, most: 40, label: "Closing", by: 0.5 },
  /** Border next to ground glass, HU. */
  glass: { default: -350, unit: "HU", least: -1000, most: 0, label: "Border at ground glass", by: 10 },
} as const satisfies OptionTable;

/** Options of {@link outlineLungs}; those left out have their defaults. */
export interface OutlineOptions {
  readonly closing?: number;
  readonly glass?: number;
}

/** Gas on the scan's grid lies below this, HU. */
const GAS = -800;

/** What was found on the work grid. */
export interface Found {
  readonly grid: WorkGrid;
  readonly soft: Int16Array;
  readonly calibration: Calibration;
  readonly body: Body;
  readonly airways: BitVolume;
  readonly gas: BitVolume;
  readonly sides: Sides;
  /** The lungs before they were grown. */
  readonly seeds: BitVolume;
}

/** The lungs and the airways on the scan's grid. */
export interface Outlined extends Sides {
  readonly airways: BitVolume;
}

/** Draws the lungs that were found on the work grid on the scan's own voxels. */
export function outlineLungs(volume: Volume<Int16Array>, found: Found, options: OutlineOptions = {}): Outlined {
  const { closing, glass } = withDefaults(OUTLINE_OPTIONS, options);
  const { grid, soft, calibration, body, airways, gas } = found;
  const { spacing } = grid;
  const never = airways.union(gas);
  const one = Math.min(spacing[1], spacing[2]);
  const close = (lung: BitVolume) =>
    subtract(intersect(fillHoles(closeBall(lung, spacing, closing * body.size)), body.mask), never);
  const right = close(found.sides.right);
  const both = right.union(close(found.sides.left));
  const maybe = subtract(dilateBall(both, spacing, 1.5 * one), never);
  const [atRight, atLeft] = growBoth(right, subtract(both, right), maybe);
  const bridged = subtract(found.sides.right.union(found.sides.left), found.seeds);
  const stored = (hu: number) => (hu - calibration.offset) / calibration.scale;
  const gasHere = gasOnScan(volume, gas, grid, stored(GAS));
  const without = (mask: BitVolume) => (gasHere === undefined ? mask : subtract(mask, gasHere));
  const bounds = {
    sure: without(onScan(peel(both).union(bridged), grid)),
    maybe: without(onScan(maybe, grid)),
    glass: onScan(denseEdge(grid, soft, both), grid),
  };
  const drawn = drawBorder(volume, bounds, stored(borderLimit(volume.spacing[0] / body.size)), stored(glass));
  const airwaysHere = onScan(airways, grid);
  const lungs = subtract(without(fillSlices(fillHoles(drawn))), airwaysHere);
  return {
    right: intersect(lungs, onScan(atRight, grid)),
    left: intersect(lungs, onScan(atLeft, grid)),
    airways: airwaysHere,
  };
}

/** Walled-off gas on the scan's grid, up to its walls; undefined where there is none. */
function gasOnScan(volume: Volume<Int16Array>, gas: BitVolume, grid: WorkGrid, limit: number): BitVolume | undefined {
  if (gas.count() === 0) return undefined;
  const near = dilateBall(gas, grid.spacing, 2 * Math.max(...grid.spacing));
  return connectedTo(belowWithin(volume, onScan(near, grid), limit), onScan(gas, grid), 6);
}
