import { type CoarseScan, LEFT, RIGHT } from "./coarse-scan.ts";

/** Gas that is not lung, within one lung's mask. */
export interface GasInMask {
  /** Share of the lung that is as dark as gas, 0 to 1: a pneumothorax, or emphysema. */
  readonly pure: number;
  /** Share of the lung that is dark and without any texture, 0 to 1: the stomach, the bowel, a pneumothorax. */
  readonly flat: number;
}

/** Lung is not as dark as this in the mean of a cell, HU. */
const PURE_BELOW = -980;
/** Flat gas: mean and standard deviation of a cell and its 26 neighbours, HU. */
const FLAT_BELOW = -965;
const FLAT_WITHIN = 12;
/** Cells above this are not looked at, HU. */
const DARK_BELOW = -945;

/**
 * Looks for gas in the masks that is not lung. Lung has texture, of vessels and of walls, even where emphysema makes
 * it dark; gas has none.
 *
 * @returns the right lung, then the left one
 */
export function gasInMasks(coarse: CoarseScan): [right: GasInMask, left: GasInMask] {
  const { shape, hu, region, lungCells } = coarse;
  const [nz, ny, nx] = shape;
  const [cells, pure, flat] = [new Uint32Array(4), new Uint32Array(4), new Uint32Array(4)];
  for (const i of lungCells) {
    const side = region[i]!;
    cells[side]!++;
    if (hu[i]! >= DARK_BELOW) continue;
    if (hu[i]! < PURE_BELOW) pure[side]!++;
    const [z, y, x] = [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx];
    const isInner = z > 0 && y > 0 && x > 0 && z < nz - 1 && y < ny - 1 && x < nx - 1;
    if (isInner && isFlat(coarse, i)) flat[side]!++;
  }
  const of = (side: number): GasInMask => {
    const all = Math.max(1, cells[side]!);
    return { pure: pure[side]! / all, flat: flat[side]! / all };
  };
  return [of(RIGHT), of(LEFT)];
}

function isFlat({ shape: [, ny, nx], hu }: CoarseScan, at: number): boolean {
  let [sum, squares] = [0, 0];
  for (let z = -1; z <= 1; z++) {
    for (let y = -1; y <= 1; y++) {
      const row = at + (z * ny + y) * nx;
      for (let i = row - 1; i <= row + 1; i++) {
        const value = hu[i]!;
        sum += value;
        squares += value * value;
      }
    }
  }
  const mean = sum / 27;
  return mean < FLAT_BELOW && squares / 27 - mean * mean < FLAT_WITHIN * FLAT_WITHIN;
}
