import type { Lungs } from "../lungs/types.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import { checkVolume, type Volume } from "../volume/volume.ts";
import { crop } from "./crop.ts";
import { type CropBox, type CropBoxOptions, cropBox } from "./crop-box.ts";
import { type DilatedHullOptions, dilatedHull } from "./dilated-hull.ts";
import { type CleanGeometry, cleanGeometry } from "./geometry.ts";
import { checkMaskShape, type MaskOptions, maskImage } from "./mask-image.ts";
import { renderClean } from "./render-clean.ts";
import { checkOrder, resample } from "./resample.ts";
import { MILLIMETRE_GRID } from "./resampled-grid.ts";
import type { SplineOrder } from "./spline-weights.ts";
import { applyWindow, type WindowOptions } from "./window.ts";

/** Options of {@link prepare}; the defaults are the published pipeline's. */
export interface PrepareOptions extends WindowOptions, MaskOptions, CropBoxOptions {
  /** How each lung becomes its surroundings. */
  readonly hull?: DilatedHullOptions;
  /** Spline order of the resampling, 0 to 5. Default 1; others take several times as long and much memory. */
  readonly order?: SplineOrder;
  /** Receives the dilated lungs as soon as they are known. */
  readonly onStage?: (stage: "dilated1" | "dilated2", mask: BitVolume) => void;
}

/** What a network gets to see, and where it lies in the patient. */
export interface Prepared {
  /** Grey values, uint8, around the lungs; the affine leads to LPS, the spacing is extent over shape. */
  readonly clean: Volume<Uint8Array>;
  /** The label of a scan without annotations: four zeros, int64 as the published pipeline saves them. */
  readonly label: BigInt64Array;
  /** How clean lies in the scan; plain data. */
  readonly geometry: CleanGeometry;
  /** The first lung's convex hull, slice by slice, dilated; on the scan's grid. */
  readonly dilated1: BitVolume;
  /** The same of the second lung. */
  readonly dilated2: BitVolume;
}

/**
 * Makes the input of a network from a scan and its lungs: grey values of the lungs and what is
 * next to them, without the bones, on a 1 mm grid, cropped.
 *
 * @param volume - Hounsfield units, int16
 * @param lungs - of the volume's shape
 * @throws PleuraError `empty-mask` when there are no lungs; `invalid-option` when the masks do not
 * belong to the volume or an option is out of range.
 * @example
 * const { clean, geometry } = prepare(volume, segmentLungs(volume));
 */
export function prepare(volume: Volume<Int16Array>, lungs: Lungs, options: PrepareOptions = {}): Prepared {
  checkScanAndLungs(volume, lungs, options);
  const dilated1 = dilatedHull(lungs.lung1, options.hull);
  options.onStage?.("dilated1", dilated1);
  const dilated2 = dilatedHull(lungs.lung2, options.hull);
  options.onStage?.("dilated2", dilated2);
  return { ...prepareNear(volume, lungs, { dilated1, dilated2 }, options), dilated1, dilated2 };
}

/**
 * The part of {@link prepare} that follows the hulls, for whoever has the dilated lungs already.
 *
 * @param near - what `dilatedHull` made of both lungs
 * @throws PleuraError as `prepare` does
 */
export function prepareNear(
  volume: Volume<Int16Array>,
  lungs: Lungs,
  near: Pick<Prepared, "dilated1" | "dilated2">,
  options: PrepareOptions = {},
): Pick<Prepared, "clean" | "label" | "geometry"> {
  checkScanAndLungs(volume, lungs, options);
  const both = lungs.lung1.union(lungs.lung2);
  const box = cropBox(both, volume.spacing, options);
  const voxels = cleanVoxels(volume, both, near.dilated1.union(near.dilated2), box, options);
  const { shape, spacing, affine } = volume;
  const grid = options.newSpacing ?? MILLIMETRE_GRID;
  const geometry = cleanGeometry({ shape, spacing, affine }, grid, box, options.precision);
  return {
    clean: { voxels, shape: geometry.shape, spacing: geometry.resampled.spacing, affine: geometry.affine },
    label: new BigInt64Array(4),
    geometry,
  };
}

function checkScanAndLungs(volume: Volume<Int16Array>, { lung1, lung2 }: Lungs, { order = 1 }: PrepareOptions): void {
  checkVolume(volume);
  checkMaskShape("lung1", lung1, volume.shape);
  checkMaskShape("lung2", lung2, volume.shape);
  checkOrder(order);
}

/** Linear resampling has a way of its own, equal and much faster; other orders go stage by stage. */
function cleanVoxels(
  volume: Volume<Int16Array>,
  lungs: BitVolume,
  near: BitVolume,
  box: CropBox,
  options: PrepareOptions,
): Uint8Array {
  const { order = 1, newSpacing = MILLIMETRE_GRID, precision = "single" } = options;
  if (order === 1) return renderClean(volume, lungs, near, box, options);
  const masked = maskImage(applyWindow(volume.voxels, options), lungs, near, options);
  const whole = resample({ voxels: masked, shape: volume.shape }, volume.spacing, newSpacing, { order, precision });
  return crop(whole.voxels, [whole.shape[0]!, whole.shape[1]!, whole.shape[2]!], box);
}
