import { invalidOption, PleuraError } from "../errors.ts";
import { boundingBox } from "../ops/box.ts";
import { type OptionsOf, type OptionTable, withDefaults } from "../options.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import { spacingIn } from "../volume/spacing-precision.ts";
import type { Triple } from "../volume/volume.ts";
import { GRID_OPTIONS, resampledShape } from "./resampled-grid.ts";

/** Half-open ranges `[low, high)` along z, y and x. */
export type CropBox = readonly [
  z: readonly [low: number, high: number],
  y: readonly [low: number, high: number],
  x: readonly [low: number, high: number],
];

/** What {@link cropBox} can be told; the defaults are the published ones. */
export const CROP_OPTIONS = {
  ...GRID_OPTIONS,
  /** Voxels of the new grid to keep below and above the mask, integers of at least 0. Default `[5, 10]`. */
  margin: { default: [5, 10], unit: "voxels", least: 0, whole: true, label: ["Margin below", "Margin above"], by: 1 },
} as const satisfies OptionTable;

/** Options of {@link cropBox}. */
export type CropBoxOptions = OptionsOf<typeof CROP_OPTIONS>;

/**
 * The box around a mask on the resampled grid.
 *
 * As in the published code an index is brought over as index × spacing, rounded down, although
 * resampling aligns end voxels: at the far end of an axis the box may lie up to one old voxel
 * less one new voxel off.
 *
 * @param mask - both lungs, on the scan's grid
 * @param spacing - of the mask, mm
 * @throws PleuraError `empty-mask` when the mask has no voxel; `invalid-option` when a spacing is
 * not positive, a margin not a non-negative integer, or the box would hold nothing.
 */
export function cropBox(mask: BitVolume, spacing: Triple, options: CropBoxOptions = {}): CropBox {
  const { newSpacing, margin, precision } = withDefaults(CROP_OPTIONS, options);
  const grid = resampledShape(mask.shape, spacing, newSpacing, precision);
  const old = spacingIn(precision, spacing);
  const bounds = boundingBox(mask);
  if (bounds === undefined) {
    throw new PleuraError("empty-mask", "There are no lungs to crop to", {
      stage: "prepare",
      measured: "0 voxels",
      limit: "at least 1 voxel",
    });
  }
  const range = (axis: 0 | 1 | 2): readonly [number, number] => {
    const onGrid = (index: number) => Math.floor((index * old[axis]) / newSpacing[axis]);
    const low = Math.max(0, onGrid(bounds.low[axis]) - margin[0]);
    const high = Math.min(grid[axis], onGrid(bounds.high[axis] - 1) + margin[1]);
    if (high <= low) throw invalidOption("margin", `a box with voxels along axis ${axis}`, `${low} to ${high}`);
    return [low, high];
  };
  return [range(0), range(1), range(2)];
}

/** Shape of a box. */
export function boxShape(box: CropBox): Triple {
  return [box[0][1] - box[0][0], box[1][1] - box[1][0], box[2][1] - box[2][0]];
}
