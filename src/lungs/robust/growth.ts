import { closeBall, openBall, peel } from "../../ops/ball.ts";
import { intersect, subtract } from "../../ops/logic.ts";
import { dilate } from "../../ops/morphology.ts";
import { type OptionTable, withDefaults } from "../../options.ts";
import type { BitVolume } from "../../volume/bit-volume.ts";
import type { Body } from "./body.ts";
import { costalZone } from "./costal.ts";
import { growBoth, type Sides } from "./split.ts";
import { below, type WorkGrid } from "./work-grid.ts";

/** Fibrosis begins below the pleura; deeper, at the hila, dense parts are vessels. Depth below the ribs, mm in an adult. */
const COSTAL = 30;

/** The limit away from the ribs, where dense parts next to lung may be large vessels, HU. */
const DEEP = -150;
/** Share of the lungs that bridged parts below the ribs make up in fibrosis; in sound lungs it is below a hundredth. */
const DIFFUSE = 0.03;

/** Options of {@link growSpongy}. */
export const GROW_OPTIONS = {
  /** Below the ribs, where the mean over some 8 mm lies below, the tissue holds air: honeycomb, not chest wall, HU. */
  spongy: { default: -100, unit: "HU", least: -800, most: 0, label: "Diseased lung below", by: 10 },
  /** How far dense parts are bridged, mm in an adult: honeycomb's walls and cysts are of 3 to 10 mm. */
  bridge: { default: 12, unit: "mm", least: 0, most: 40, label: "Bridge", by: 1 },
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
  const bridged = (lung: BitVolume) => intersect(closeBall(lung, spacing, bridge * body.size), spongy);
  const lungs = right.union(left);
  const added = subtract(bridged(right).union(bridged(left)), lungs);
  const costal = intersect(added, costalZone(lungs, spacing, COSTAL * body.size));
  if (costal.count() < DIFFUSE * lungs.count()) return { right, left };
  const deep = intersect(added, below(soft, shape, Math.min(limit, DEEP)));
  const [r, l] = growBoth(right, left, lungs.union(costal).union(deep));
  return { right: r, left: l };
}

/**
 * Blocks next to ground glass within the lungs, where the border is looked for at a higher value.
 *
 * @param lungs - with their holes closed
 */
export function denseEdge({ shape, spacing }: WorkGrid, soft: Int16Array, lungs: BitVolume): BitVolume {
  const one = Math.min(spacing[1], spacing[2]);
  const inside = peel(lungs);
  const dense = openBall(subtract(inside, below(soft, shape, -650)), spacing, Math.max(4, one));
  return dilate(dense, 2);
}

/**
 * Value at which a lung's border is drawn, HU. In thin slices it is that at which experts and the published rules
 * draw it; in slices so thick that slanting borders are smeared it is the middle between lung and tissue.
 *
 * @param thickness - distance of the slices, mm in an adult
 */
export function borderLimit(thickness: number): number {
  return Math.min(-330, Math.max(-600, -600 + 35 * (thickness - 7.5)));
}

/** Value below which a block of the coarse grid is air or lung, HU. */
export function airLimit(thickness: number): number {
  return Math.max(-400, borderLimit(thickness));
}
