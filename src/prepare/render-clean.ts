import { kernels } from "../simd/kernels.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Volume } from "../volume/volume.ts";
import type { CropBox } from "./crop-box.ts";
import { renderWithKernels } from "./render-kernels.ts";
import { PlainRenderer } from "./render-plain.ts";
import { type RenderOptions, renderScene } from "./render-scene.ts";

export type { RenderOptions } from "./render-scene.ts";

/**
 * Windows, masks, resamples linearly and crops in one go, voxel for voxel equal to applyWindow,
 * maskImage, resample at order 1 and crop one after the other.
 *
 * Only what lies in the box and near the lungs is computed, axis by axis: a row of the scan to the
 * columns of the box, two such rows to a row of the box, two such slices to a slice of it. That
 * adds up in another order than scipy does, which can only matter where the sum lies next to a
 * tie; there the voxel is computed anew in scipy's order. Needs little more memory than its result.
 *
 * @param volume - the scan, Hounsfield units
 * @param lungs - both lungs
 * @param near - both dilated lungs
 * @param box - what to keep of the new grid
 * @returns uint8 of the box's shape
 * @throws PleuraError `invalid-option` when masks, box or options do not fit.
 */
export function renderClean(
  volume: Volume<Int16Array>,
  lungs: BitVolume,
  near: BitVolume,
  box: CropBox,
  options: RenderOptions = {},
): Uint8Array {
  const scene = renderScene(volume, lungs, near, box, options);
  const simd = kernels();
  return simd === undefined ? new PlainRenderer(scene, options).render() : renderWithKernels(simd, scene);
}
