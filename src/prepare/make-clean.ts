import type { Lungs } from "../lungs/types.ts";
import { type AllOptionsOf, type OptionsOf, type OptionTable, withDefaults } from "../options.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import { checkVolume, type Volume } from "../volume/volume.ts";
import { type CleanGeometry, cleanGeometry } from "./clean-geometry.ts";
import { crop } from "./crop.ts";
import { CROP_OPTIONS, type CropBox, cropBox } from "./crop-box.ts";
import { checkMaskShape, MASK_OPTIONS, maskImage } from "./mask-image.ts";
import { onePassClean } from "./one-pass-clean.ts";
import { resample } from "./resample.ts";
import { applyWindow, WINDOW_OPTIONS } from "./window.ts";

/** What {@link makeClean} can be told; the defaults are the published ones. */
export const PREPARE_OPTIONS = {
  ...WINDOW_OPTIONS,
  ...MASK_OPTIONS,
  newSpacing: CROP_OPTIONS.newSpacing,
  precision: CROP_OPTIONS.precision,
  /** Spline order of the resampling, 0 to 5. Default 1; others take several times as long and much memory. */
  order: { default: 1, choices: [0, 1, 2, 3, 4, 5] },
  margin: CROP_OPTIONS.margin,
} as const satisfies OptionTable;

/** Options of {@link makeClean}. */
export type CleanOptions = OptionsOf<typeof PREPARE_OPTIONS>;

/** What a network gets to see, and where it lies in the patient. */
export interface Clean {
  /** Grey values, uint8, around the lungs; the affine leads to LPS, the spacing is extent over shape. */
  readonly clean: Volume<Uint8Array>;
  /** The label of a scan without annotations: four zeros, int64 as the published pipeline saves them. */
  readonly label: BigInt64Array;
  /** How clean lies in the scan; plain data. */
  readonly geometry: CleanGeometry;
}

/**
 * Makes the input of a network from a scan, its lungs and their surroundings.
 *
 * @param volume - Hounsfield units, int16
 * @param lungs - of the volume's shape
 * @param near - what `dilatedHull` made of both lungs
 * @throws PleuraError `empty-mask` when there are no lungs; `invalid-option` when the masks do not
 * belong to the volume or an option is out of range.
 */
export function makeClean(
  volume: Volume<Int16Array>,
  lungs: Lungs,
  near: { readonly dilated1: BitVolume; readonly dilated2: BitVolume },
  given: CleanOptions = {},
): Clean {
  const options = withDefaults(PREPARE_OPTIONS, given);
  checkScanAndLungs(volume, lungs);
  const both = lungs.lung1.union(lungs.lung2);
  const box = cropBox(both, volume.spacing, options);
  const voxels = cleanVoxels(volume, both, near.dilated1.union(near.dilated2), box, options);
  const { shape, spacing, affine } = volume;
  const geometry = cleanGeometry({ shape, spacing, affine }, options.newSpacing, box, options.precision);
  return {
    clean: { voxels, shape: geometry.shape, spacing: geometry.resampled.spacing, affine: geometry.affine },
    label: new BigInt64Array(4),
    geometry,
  };
}

/** @throws PleuraError `invalid-option` when the voxels or the masks are not of the volume's shape */
export function checkScanAndLungs(volume: Volume<Int16Array>, { lung1, lung2 }: Lungs): void {
  checkVolume(volume);
  checkMaskShape("lung1", lung1, volume.shape);
  checkMaskShape("lung2", lung2, volume.shape);
}

/** Linear resampling has a way of its own, equal and much faster; other orders go stage by stage. */
function cleanVoxels(
  volume: Volume<Int16Array>,
  lungs: BitVolume,
  near: BitVolume,
  box: CropBox,
  options: AllOptionsOf<typeof PREPARE_OPTIONS>,
): Uint8Array {
  const { order, newSpacing, precision } = options;
  if (order === 1) return onePassClean(volume, lungs, near, box, options);
  const masked = maskImage(applyWindow(volume.voxels, options), lungs, near, options);
  const whole = resample({ voxels: masked, shape: volume.shape }, volume.spacing, newSpacing, { order, precision });
  return crop(whole.voxels, [whole.shape[0]!, whole.shape[1]!, whole.shape[2]!], box);
}
