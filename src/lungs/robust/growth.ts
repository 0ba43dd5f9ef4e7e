import { closeBall, dilateBall, erodeBall, openBall } from "../../ops/ball.ts";
import { intersect, subtract } from "../../ops/logic.ts";
import { type OptionTable, withDefaults } from "../../options.ts";
import type { BitVolume } from "../../volume/bit-volume.ts";
import type { Body } from "./body.ts";
import { growBoth, type Sides } from "./split.ts";
import { below, type WorkGrid } from "./work-grid.ts";

/** Options of {@link growSpongy}. */
export const GROW_OPTIONS = {
  /** Where the mean over some 8 mm lies below, a quarter of the tissue is air: honeycomb, not chest wall, HU. */
  spongy: { default: -230, unit: "HU", least: -800, most: 0, label: "Diseased lung below", by: 10 },
  /** How far dense parts are bridged, mm in an adult: honeycomb's walls and cysts are of 3 to 10 mm. */
  bridge: { default: 10, unit: "mm", least: 0, most: 40, label: "Bridge", by: 1 },
} as const satisfies OptionTable;

/** Options of {@link growSpongy}; those left out have their defaults. */
export interface GrowOptions {
  readonly spongy?: number;
  readonly bridge?: number;
}

/**
 * Grows lungs into what is denser than lung but full of air, as fibrosis is: what a closing bridges and where
 * the mean over the neighbourhood says that there is air.
 *
 * @param soft - smoothed values of the grid, HU
 * @param never - airways and gas
 */
export function growSpongy(
  { shape, spacing }: WorkGrid,
  soft: Int16Array,
  { right, left }: Sides,
  body: Body,
  never: BitVolume,
  options: GrowOptions = {},
): Sides {
  const { spongy: limit, bridge } = withDefaults(GROW_OPTIONS, options);
  const spongy = subtract(intersect(below(soft, shape, limit), body.mask), never);
  const grow = (lung: BitVolume) => {
    const closed = intersect(closeBall(lung, spacing, bridge * body.size), spongy);
    return closed.union(lung);
  };
  const [a, b] = [grow(right), grow(left)];
  const [r, l] = growBoth(right, left, a.union(b));
  return { right: r, left: l };
}

/**
 * Blocks next to ground glass within the lungs, where the border is looked for at a higher value.
 *
 * @param lungs - with their holes closed
 */
export function denseEdge({ shape, spacing }: WorkGrid, soft: Int16Array, lungs: BitVolume): BitVolume {
  const one = Math.min(spacing[1], spacing[2]);
  const inside = erodeBall(lungs, spacing, one);
  const dense = openBall(subtract(inside, below(soft, shape, -650)), spacing, Math.max(4, one));
  return dilateBall(dense, spacing, 3 * one);
}

/**
 * Value at which a lung's border is drawn, HU. In thin slices it is that at which experts and the published rules
 * draw it; in slices so thick that slanting borders are smeared it is the middle between lung and tissue.
 *
 * @param thickness - distance of the slices, mm
 */
export function borderLimit(thickness: number): number {
  return Math.min(-330, Math.max(-550, -550 + 25 * (thickness - 8)));
}

/** Value below which a block of the coarse grid is air or lung, HU. */
export function airLimit(thickness: number): number {
  return Math.max(-400, borderLimit(thickness));
}
