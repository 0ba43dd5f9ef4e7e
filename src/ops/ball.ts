import type { BitVolume } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";
import { complement } from "./logic.ts";
import { dilate } from "./morphology.ts";

/**
 * Dilation by a ball: true wherever a true voxel's centre lies within `radius`.
 *
 * Rows are widened once for each width that the ball has, and ored into the rows that the ball
 * reaches, 32 voxels at a time. Along an axis whose voxels are longer than the radius nothing grows.
 *
 * @param spacing - `[z, y, x]`, mm
 * @param radius - mm
 * @returns a new mask of the same shape
 */
export function dilateBall(mask: BitVolume, spacing: Triple, radius: number): BitVolume {
  const [nz, ny] = mask.shape;
  const n = mask.wordsPerRow;
  const out = mask.clone();
  for (const [width, offsets] of ballRows(spacing, radius)) {
    const wide = width === 0 ? mask : widen(mask, width);
    for (const [dz, dy] of offsets) {
      const from = Math.max(0, -dy);
      const length = (ny - Math.abs(dy)) * n;
      if (length <= 0) continue;
      for (let z = Math.max(0, -dz); z < nz && z + dz < nz; z++) {
        let i = (z * ny + from) * n;
        let to = ((z + dz) * ny + from + dy) * n;
        for (const end = i + length; i < end; i++, to++) {
          const bits = wide.words[i]!;
          if (bits !== 0) out.words[to]! |= bits;
        }
      }
    }
  }
  return out;
}

/** Erosion by a ball. What lies outside the volume is taken for more of the mask, so its border erodes nothing. */
export function erodeBall(mask: BitVolume, spacing: Triple, radius: number): BitVolume {
  return complement(dilateBall(complement(mask), spacing, radius));
}

/**
 * Takes off one layer of voxels along each axis. Unlike `erode`, what lies outside the volume is taken for more
 * of the mask.
 */
export function peel(mask: BitVolume): BitVolume {
  return complement(dilate(complement(mask)));
}

/** Opening by a ball: what a ball that stays within the mask can reach. */
export function openBall(mask: BitVolume, spacing: Triple, radius: number): BitVolume {
  return dilateBall(erodeBall(mask, spacing, radius), spacing, radius);
}

/** Closing by a ball: what a ball that stays without the mask cannot reach. Nothing is closed against the volume's border. */
export function closeBall(mask: BitVolume, spacing: Triple, radius: number): BitVolume {
  return erodeBall(dilateBall(mask, spacing, radius), spacing, radius);
}

/** For each half width of a ball's rows, voxels, where such rows lie: `[z, y]` from the centre. */
function ballRows(spacing: Triple, radius: number): Map<number, [number, number][]> {
  const rows = new Map<number, [number, number][]>();
  // A hundredth of a voxel's grace: radii are often a multiple of the spacing.
  const r = radius + 0.01 * spacing[2];
  const reachZ = Math.floor(r / spacing[0]);
  const reachY = Math.floor(r / spacing[1]);
  for (let dz = -reachZ; dz <= reachZ; dz++) {
    for (let dy = -reachY; dy <= reachY; dy++) {
      const rest = r * r - (dz * spacing[0]) ** 2 - (dy * spacing[1]) ** 2;
      if (rest < 0) continue;
      const width = Math.floor(Math.sqrt(rest) / spacing[2]);
      const list = rows.get(width);
      if (list === undefined) rows.set(width, [[dz, dy]]);
      else list.push([dz, dy]);
    }
  }
  return rows;
}

/** Each row's runs longer by `width` at both ends. */
function widen(mask: BitVolume, width: number): BitVolume {
  let from = mask.clone();
  for (let left = width, reached = 0; left > 0; ) {
    const step = Math.min(left, reached + 1, 31);
    const to = from.clone();
    orShifted(to, from, step);
    from = to;
    left -= step;
    reached += step;
  }
  return from;
}

/** Ors a mask, shifted along x by `step` voxels to both sides, 1 to 31. */
function orShifted(out: BitVolume, mask: BitVolume, step: number): void {
  const { words: a, wordsPerRow: n } = mask;
  const o = out.words;
  const tail = -1 >>> ((32 - (mask.shape[2] & 31)) & 31);
  const back = 32 - step;
  for (let base = 0; base < a.length; base += n) {
    let before = 0;
    for (let w = 0; w < n; w++) {
      const here = a[base + w]!;
      const after = w + 1 < n ? a[base + w + 1]! : 0;
      o[base + w]! |= (here << step) | (before >>> back) | (here >>> step) | (after << back);
      before = here;
    }
    o[base + n - 1]! &= tail;
  }
}
