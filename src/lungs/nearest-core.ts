import { kernels } from "../simd/kernels.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";
import { KernelHalves } from "./nearest-core-kernels.ts";
import { type Halves, PlainHalves } from "./nearest-core-plain.ts";

/** The first boxes reach so many steps of the widest spacing: erosions rarely take away more. */
const FIRST_STEPS = 2;
/** Leaves room for rounding where a box has to hold all that lies within a distance. */
const SLACK = 1 + 1e-9;

/**
 * Gives each voxel of a mask to the nearer of two cores, by the distance between voxel centres in
 * millimetres; an exact tie goes to neither.
 *
 * Boxes decide nearly all: where one core lies within a box, and the other has nothing within the
 * larger box that holds all of the smaller one's circumscribed ball, bit operations give the voxel
 * away. The boxes double until larger ones would decide nothing more. For what is left, distances
 * are computed plane by plane to the last bit as scipy does; the time is in proportion to the
 * voxels, wherever the cores lie.
 *
 * @param mask - voxels to be given away; both cores must lie within it
 * @param spacing - `[z, y, x]`, mm
 */
export function splitByNearestCore(
  mask: BitVolume,
  core1: BitVolume,
  core2: BitVolume,
  spacing: Triple,
): [first: BitVolume, second: BitVolume] {
  const simd = kernels();
  const halves: Halves =
    simd === undefined ? new PlainHalves(mask, core1, core2) : new KernelHalves(simd, mask, core1, core2);
  const reaches: Triple[] = [];
  for (let steps = FIRST_STEPS; ; steps *= 2) {
    const { inner, outer } = boxesOf(steps * Math.max(...spacing), spacing);
    const more = halves.decideByBoxes(inner, outer, reaches.length);
    // A ripe voxel lies within the smaller box of a core, so no site beyond the larger one matters.
    reaches.push(outer);
    if (!more || inner.every((radius, axis) => radius >= mask.shape[axis]!)) break;
  }
  halves.ripenRest(reaches.length);
  reaches.push(mask.shape);
  halves.decideRipe(spacing, reaches);
  return halves.result();
}

/** Radii of a box, voxels, that reaches `distance` mm along each axis, and of one around its circumscribed ball. */
function boxesOf(distance: number, spacing: Triple): { inner: Triple; outer: Triple } {
  const inner = spacing.map((s) => Math.floor((distance * SLACK) / s)) as unknown as Triple;
  const radius = Math.hypot(...inner.map((r, axis) => r * spacing[axis]!)) * SLACK;
  return { inner, outer: spacing.map((s) => Math.floor(radius / s)) as unknown as Triple };
}
