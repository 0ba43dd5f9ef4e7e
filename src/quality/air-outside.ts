import { BODY } from "./body-cells.ts";
import { type CoarseScan, LEFT, RIGHT } from "./coarse-scan.ts";

/** What is darker than tissue within the body and in no mask, in cells. */
export interface AirOutside {
  /** Dark as lung is, and not at the edge of gas. */
  readonly lungLike: number;
  /** Gas at the height of the lungs' upper two thirds. */
  readonly gas: number;
}

/** Slices of the coarse grid: looked at from `low` to the top, for gas from `middle` to `high`. */
export interface ChestRange {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** Gas is darker than this on the coarse grid, HU. */
export const GAS_BELOW = -930;
/** Lung, also with ground glass in it, is darker than this, HU. */
const LUNG_BELOW = -350;
/** So many of six neighbours are dark too: the blurred edges of lungs and bowel do not count. */
const DARK_NEIGHBOURS = 4;

/**
 * Looks for lung and gas that the masks leave out. Gas low in the chest is the stomach's or the bowel's under the
 * diaphragm, and does not count.
 */
export function airOutside(
  { shape, hu, touched, region }: CoarseScan,
  inside: Uint8Array,
  { low, middle, high }: ChestRange,
): AirOutside {
  const [nz, ny, nx] = shape;
  const steps = [1, -1, nx, -nx, ny * nx, -ny * nx];
  const isDark = (i: number) => inside[i] === BODY && touched[i] === 0 && hu[i]! < LUNG_BELOW;
  let [lungLike, gas] = [0, 0];
  for (let z = Math.max(1, low); z < nz - 1; z++) {
    for (let y = 1; y < ny - 1; y++) {
      for (let x = 1, i = (z * ny + y) * nx + 1; x < nx - 1; x++, i++) {
        if (!isDark(i)) continue;
        if (hu[i]! < GAS_BELOW) {
          if (z >= middle && z <= high) gas++;
          continue;
        }
        let [dark, gasBeside] = [0, 0];
        for (const step of steps) {
          if (isDark(i + step)) dark++;
          const at = region[i + step];
          if (hu[i + step]! < GAS_BELOW && at !== RIGHT && at !== LEFT) gasBeside++;
        }
        if (dark >= DARK_NEIGHBOURS && gasBeside === 0) lungLike++;
      }
    }
  }
  return { lungLike, gas };
}
