import { invalidOption } from "../errors.ts";
import { type OptionsOf, type OptionTable, withDefaults } from "../options.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import { type Triple, voxelCount } from "../volume/volume.ts";

/** Grey value of everything outside the lungs: about that of water in the lung window. */
export const PAD_VALUE = 170;

/** Grey values above this, beside the lungs, are taken for bone. */
export const BONE_THRESHOLD = 210;

/** What {@link maskImage} can be told; the defaults are the published ones. */
export const MASK_OPTIONS = {
  /** Grey value of what is masked away, 0 to 255. Default {@link PAD_VALUE}. */
  padValue: { default: PAD_VALUE, unit: "grey", least: 0, most: 255, whole: true, label: "Padding", by: 1 },
  /** Brighter voxels near, but not in, the lungs are masked away too, 0 to 255. Default {@link BONE_THRESHOLD}. */
  boneThreshold: {
    default: BONE_THRESHOLD,
    unit: "grey",
    least: 0,
    most: 255,
    whole: true,
    label: "Bone above",
    by: 1,
  },
} as const satisfies OptionTable;

/** Options of {@link maskImage}. */
export type MaskOptions = OptionsOf<typeof MASK_OPTIONS>;

/**
 * Keeps the grey values of the lungs and their surroundings, without the bones there.
 *
 * @param image - uint8, C-ordered, of the masks' shape; left as it is
 * @param lungs - both lungs
 * @param near - both dilated lungs
 * @returns uint8: `image` where near, except brighter than the bone threshold and not in the
 * lungs; the padding value elsewhere
 * @throws PleuraError `invalid-option` when sizes differ or a value is not an integer in [0, 255].
 */
export function maskImage(image: Uint8Array, lungs: BitVolume, near: BitVolume, options: MaskOptions = {}): Uint8Array {
  const { padValue, boneThreshold } = withDefaults(MASK_OPTIONS, options);
  checkMaskShape("near", near, lungs.shape);
  const size = voxelCount(near.shape);
  if (image.length !== size) throw invalidOption("image", `${size} voxels`, image.length);
  const out = new Uint8Array(image.length).fill(padValue);
  const [nz, ny, nx] = near.shape;
  const perRow = near.wordsPerRow;
  for (let row = 0; row < nz * ny; row++) {
    for (let w = 0; w < perRow; w++) {
      const inside = lungs.words[row * perRow + w]!;
      let left = near.words[row * perRow + w]!;
      while (left !== 0) {
        const low = left & -left;
        const i = row * nx + w * 32 + 31 - Math.clz32(low);
        if ((inside & low) !== 0 || image[i]! <= boneThreshold) out[i] = image[i]!;
        left ^= low;
      }
    }
  }
  return out;
}

/** @throws PleuraError `invalid-option` when a mask's shape is not the given one. */
export function checkMaskShape(name: string, mask: BitVolume, shape: Triple): void {
  if (!shape.every((n, axis) => n === mask.shape[axis])) {
    throw invalidOption(name, `a mask of ${shape.join(" × ")}`, mask.shape.join(" × "));
  }
}
