import type { BitVolume } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";

/**
 * Distance from one voxel to the nearest true voxel of a mask, computed as scipy's
 * `distance_transform_edt` does, rounding errors included.
 *
 * Several true voxels may be equally near, and yet their distances differ in the last bit. Which
 * of them scipy meets follows from its algorithm (Maurer's): the nearest voxel is found along z,
 * then y, then x, and each line keeps only those whose Voronoi cell meets the line. Here only the
 * lines that lead to the one voxel are followed.
 *
 * @param mask - must hold a true voxel within `radius`
 * @param at - the voxel, `[z, y, x]`
 * @param radius - voxels farther off than this along an axis are left out, `[z, y, x]`
 * @param spacing - mm
 * @returns mm
 * @see C. R. Maurer, R. Qi, V. Raghavan, IEEE Trans. PAMI 25 (2003) 265–270, doi:10.1109/TPAMI.2003.1177156
 */
export function exactDistance(mask: BitVolume, at: Triple, radius: Triple, spacing: Triple): number {
  const low = at.map((v, i) => Math.max(0, v - radius[i]!)) as unknown as Triple;
  const high = at.map((v, i) => Math.min(mask.shape[i]! - 1, v + radius[i]!)) as unknown as Triple;
  const alongX: Triple[] = [];
  for (let x = low[2]; x <= high[2]; x++) {
    const alongY: Triple[] = [];
    for (let y = low[1]; y <= high[1]; y++) {
      const z = nearestInColumn(mask, at[0], y, x, radius[0]);
      if (z >= 0) alongY.push([z, y, x]);
    }
    const nearest = nearestOnLine(alongY, [at[0], at[1], x], 1, low[1], spacing);
    if (nearest !== undefined) alongX.push(nearest);
  }
  const nearest = nearestOnLine(alongX, at, 2, low[2], spacing);
  return nearest === undefined ? Infinity : Math.sqrt(squaredDistance(nearest, at, spacing));
}

/** The slice of the nearest true voxel above or below, the lower one of two; −1 if there is none. */
function nearestInColumn(mask: BitVolume, z: number, y: number, x: number, radius: number): number {
  for (let d = 0; d <= radius; d++) {
    if (z - d >= 0 && mask.get(z - d, y, x)) return z - d;
    if (z + d < mask.shape[0] && mask.get(z + d, y, x)) return z + d;
  }
  return -1;
}

/**
 * The feature nearest to a voxel of a line.
 *
 * @param features - one at most for each position along the axis, in ascending order
 * @param at - the voxel
 * @param axis - the line's axis
 * @param from - first position of the line
 */
function nearestOnLine(
  features: readonly Triple[],
  at: Triple,
  axis: 1 | 2,
  from: number,
  spacing: Triple,
): Triple | undefined {
  const kept: Triple[] = [];
  for (const w of features) {
    const offLineW = squaredOffLine(w, at, axis, spacing);
    while (kept.length > 1) {
      const u = kept[kept.length - 2]!;
      const v = kept[kept.length - 1]!;
      const a = (v[axis] - u[axis]) * spacing[axis];
      const b = (w[axis] - v[axis]) * spacing[axis];
      const c = a + b;
      const offLineV = squaredOffLine(v, at, axis, spacing);
      const offLineU = squaredOffLine(u, at, axis, spacing);
      if (c * offLineV - b * offLineU - a * offLineW - a * b * c <= 0) break;
      kept.pop();
    }
    kept.push(w);
  }
  // The line is walked from its beginning, since a step once taken is not taken back.
  let l = 0;
  const walker: [number, number, number] = [...at];
  for (walker[axis] = from; walker[axis] <= at[axis]; walker[axis]++) {
    while (l < kept.length - 1) {
      if (squaredDistance(kept[l]!, walker, spacing) <= squaredDistance(kept[l + 1]!, walker, spacing)) break;
      l++;
    }
  }
  return kept[l];
}

function squaredDistance(a: Triple, b: Triple, spacing: Triple): number {
  const z = (a[0] - b[0]) * spacing[0];
  const y = (a[1] - b[1]) * spacing[1];
  const x = (a[2] - b[2]) * spacing[2];
  return z * z + y * y + x * x;
}

/** Squared distance across the line's axis. */
function squaredOffLine(a: Triple, b: Triple, axis: 1 | 2, spacing: Triple): number {
  const z = (a[0] - b[0]) * spacing[0];
  const other = axis === 1 ? 2 : 1;
  const t = (a[other] - b[other]) * spacing[other];
  return z * z + t * t;
}
