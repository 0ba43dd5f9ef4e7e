import { kernels } from "../simd/kernels.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Volume } from "../volume/volume.ts";
import type { CropBox } from "./crop-box.ts";
import { onePassWithKernels } from "./one-pass-kernels.ts";
import { exactGrey, type OnePassOptions, type OnePassScene, onePassScene } from "./one-pass-scene.ts";

export type { OnePassOptions } from "./one-pass-scene.ts";

/**
 * Windows, masks, resamples linearly and crops in one go, voxel for voxel equal to applyWindow,
 * maskImage, resample at order 1 and crop one after the other.
 *
 * Only what lies in the box is computed, axis by axis: a row of the scan to the columns of the box, two such rows
 * to a row of the box, two such slices to a slice of it. That adds up in another order than scipy does, which can
 * only matter where the sum lies next to a tie; there the voxel is computed anew in scipy's order. Needs little more
 * memory than its result. Without WebAssembly every voxel is computed in scipy's order, in some times as long.
 *
 * @param volume - the scan, Hounsfield units
 * @param lungs - both lungs
 * @param near - both dilated lungs
 * @param box - what to keep of the new grid
 * @returns uint8 of the box's shape
 * @throws PleuraError `invalid-option` when masks, box or options do not fit.
 */
export function onePassClean(
  volume: Volume<Int16Array>,
  lungs: BitVolume,
  near: BitVolume,
  box: CropBox,
  options: OnePassOptions = {},
): Uint8Array {
  const scene = onePassScene(volume, lungs, near, box, options);
  const simd = kernels();
  return simd === undefined ? onePassPlain(scene) : onePassWithKernels(simd, scene);
}

/** Plain twin of kernels/one-pass-clean.ts: every voxel in scipy's order. */
function onePassPlain(scene: OnePassScene): Uint8Array {
  const [nz, ny, nx] = scene.size;
  const out = new Uint8Array(nz * ny * nx);
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) out[i++] = exactGrey(scene, z, y, x);
  }
  return out;
}
