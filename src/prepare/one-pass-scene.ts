import { invalidOption } from "../errors.ts";
import { type OptionsOf, withDefaults } from "../options.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Triple, Volume } from "../volume/volume.ts";
import { boxShape, type CropBox } from "./crop-box.ts";
import { checkMaskShape, MASK_OPTIONS, type MaskOptions } from "./mask-image.ts";
import { GRID_OPTIONS, resampledShape } from "./resampled-grid.ts";
import { cropAxis, type SampleAxis, sampleAxis } from "./sample-axis.ts";
import { TABLE_ZERO, type WindowOptions, windowTable } from "./window.ts";

/** Options of `onePassClean`. */
export interface OnePassOptions extends WindowOptions, MaskOptions, OptionsOf<typeof GRID_OPTIONS> {}

/** What clean is made of: the scan, its masks, and the axes of the box laid over it. */
export interface OnePassScene {
  readonly volume: Volume<Int16Array>;
  readonly lungs: BitVolume;
  readonly near: BitVolume;
  /** Shape of the box. */
  readonly size: Triple;
  /** For each sample of the box along an axis: two samples of the scan, and their weights. */
  readonly z: SampleAxis;
  readonly y: SampleAxis;
  readonly x: SampleAxis;
  /** Grey values of every int16 from −32768 on, in the lungs. */
  readonly inLungs: Uint8Array;
  /** The same beside them, where bone is padding. */
  readonly beside: Uint8Array;
  readonly padValue: number;
}

/**
 * Lays a box over a scan.
 *
 * @throws PleuraError `invalid-option` when masks, box or options do not fit.
 */
export function onePassScene(
  volume: Volume<Int16Array>,
  lungs: BitVolume,
  near: BitVolume,
  box: CropBox,
  options: OnePassOptions,
): OnePassScene {
  const { padValue, boneThreshold } = withDefaults(MASK_OPTIONS, options);
  checkMaskShape("lungs", lungs, volume.shape);
  checkMaskShape("near", near, volume.shape);
  const { newSpacing, precision } = withDefaults(GRID_OPTIONS, options);
  const grid = resampledShape(volume.shape, volume.spacing, newSpacing, precision);
  const axis = (i: 0 | 1 | 2): SampleAxis => {
    const [low, high] = box[i];
    const fits = low >= 0 && low < high && high <= grid[i];
    if (!fits) throw invalidOption("box", `ranges within ${grid.join(" × ")}`, box);
    return cropAxis(sampleAxis(volume.shape[i], grid[i], 1), low, high);
  };
  const inLungs = windowTable(options);
  const beside = inLungs.slice().fill(padValue, firstAbove(inLungs, boneThreshold));
  return {
    volume,
    lungs,
    near,
    size: boxShape(box),
    z: axis(0),
    y: axis(1),
    x: axis(2),
    inLungs,
    beside,
    padValue,
  };
}

/** Index of the first value of a rising table above a limit. */
function firstAbove(rising: Uint8Array, limit: number): number {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** One voxel of the box the way scipy computes it: the same products, added in the same order. */
export function exactGrey(scene: OnePassScene, z: number, y: number, x: number): number {
  let sum = 0;
  for (let kz = 2 * z; kz < 2 * z + 2; kz++) {
    for (let ky = 2 * y; ky < 2 * y + 2; ky++) {
      for (let kx = 2 * x; kx < 2 * x + 2; kx++) {
        const grey = greyAt(scene, scene.z.index[kz]!, scene.y.index[ky]!, scene.x.index[kx]!);
        sum += grey * scene.z.weight[kz]! * scene.y.weight[ky]! * scene.x.weight[kx]!;
      }
    }
  }
  return Math.floor(sum + 0.5);
}

/** Grey value of one voxel of the scan. */
function greyAt({ volume, lungs, near, inLungs, beside, padValue }: OnePassScene, z: number, y: number, x: number) {
  if (!near.get(z, y, x)) return padValue;
  const hu = volume.voxels[(z * volume.shape[1] + y) * volume.shape[2] + x]!;
  return (lungs.get(z, y, x) ? inLungs : beside)[hu + TABLE_ZERO]!;
}
