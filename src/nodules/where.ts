import { type CleanGeometry, scanToClean } from "../prepare/clean-geometry.ts";
import { BONE_THRESHOLD, type MaskOptions } from "../prepare/mask-image.ts";
import { TABLE_ZERO, type WindowOptions, windowTable } from "../prepare/window.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Triple, Volume } from "../volume/volume.ts";

/** How much of a nodule lies where, as shares of its ball's voxels, 0 to 1. */
export interface NoduleShares {
  /** Within the lungs' mask. */
  readonly lungs: number;
  /** Within the part of the scan that clean shows. */
  readonly box: number;
  /** Masked away: far from the lungs, or as bright as bone and not within the mask. */
  readonly masked: number;
  /** Neither masked away nor outside the box: what a network gets to see. */
  readonly shown: number;
}

/** What a nodule is looked for in. */
export interface NoduleSurroundings extends WindowOptions, MaskOptions {
  readonly scan: Volume<Int16Array>;
  /** Both lungs. */
  readonly lungs: BitVolume;
  /** Both dilated lungs. */
  readonly near: BitVolume;
  readonly geometry: CleanGeometry;
}

/** Makes the function that tells how much of a nodule lies where. */
export function noduleSharesIn(surroundings: NoduleSurroundings) {
  const greys = windowTable(surroundings);
  /**
   * @param centre - index of the scan, fractional
   * @param diameter - mm; the voxel at the centre is always looked at
   * @returns `undefined` for a nodule whose centre lies outside the scan
   */
  return (centre: Triple, diameter: number): NoduleShares | undefined => {
    const { scan, lungs, near, geometry, boneThreshold = BONE_THRESHOLD } = surroundings;
    if (!centre.every((at, i) => at >= -0.5 && at <= scan.shape[i]! - 0.5)) return undefined;
    const counts = { voxels: 0, lungs: 0, box: 0, masked: 0, shown: 0 };
    for (const [z, y, x] of ballVoxels(scan, centre, diameter / 2)) {
      const grey = greys[scan.voxels[(z * scan.shape[1] + y) * scan.shape[2] + x]! + TABLE_ZERO]!;
      const inLungs = lungs.get(z, y, x);
      const inBox = scanToClean(geometry, [z, y, x]).every((at, i) => at >= -0.5 && at <= geometry.shape[i]! - 0.5);
      const masked = !near.get(z, y, x) || (!inLungs && grey > boneThreshold);
      counts.voxels++;
      if (inLungs) counts.lungs++;
      if (inBox) counts.box++;
      if (masked) counts.masked++;
      if (inBox && !masked) counts.shown++;
    }
    const share = (count: number) => Math.round((1000 * count) / counts.voxels) / 1000;
    return {
      lungs: share(counts.lungs),
      box: share(counts.box),
      masked: share(counts.masked),
      shown: share(counts.shown),
    };
  };
}

/** The voxels whose centres lie within a ball, and the one nearest to its centre. */
function* ballVoxels({ shape, spacing }: Pick<Volume, "shape" | "spacing">, centre: Triple, radius: number) {
  const nearest = centre.map((at, i) => Math.min(Math.max(Math.round(at), 0), shape[i]! - 1));
  const range = ([0, 1, 2] as const).map((i) => {
    const reach = radius / spacing[i];
    return [Math.max(0, Math.ceil(centre[i] - reach)), Math.min(shape[i] - 1, Math.floor(centre[i] + reach))] as const;
  });
  const [zs, ys, xs] = range as [readonly [number, number], readonly [number, number], readonly [number, number]];
  let isNearestIn = false;
  for (let z = zs[0]; z <= zs[1]; z++) {
    for (let y = ys[0]; y <= ys[1]; y++) {
      for (let x = xs[0]; x <= xs[1]; x++) {
        const far = Math.hypot(
          (z - centre[0]) * spacing[0],
          (y - centre[1]) * spacing[1],
          (x - centre[2]) * spacing[2],
        );
        if (far > radius) continue;
        if (z === nearest[0] && y === nearest[1] && x === nearest[2]) isNearestIn = true;
        yield [z, y, x] as const;
      }
    }
  }
  if (!isNearestIn) yield nearest as unknown as readonly [number, number, number];
}
