import { withDefaults } from "../options.ts";
import { classOf } from "../pipeline/pixel-class.ts";
import type { CropBox } from "../prepare/crop-box.ts";
import { MASK_OPTIONS, maskImage } from "../prepare/mask-image.ts";
import { onePassClean } from "../prepare/one-pass-clean.ts";
import { GRID_OPTIONS, resampledShape, resampledSpacing } from "../prepare/resampled-grid.ts";
import { axisStep } from "../prepare/sample-axis.ts";
import { applyWindow } from "../prepare/window.ts";
import { type Cut, cutMask, cutVoxels, PLANE_AXES } from "../volume/cut.ts";
import type { ComputedCase, PartialCase } from "./computed-case.ts";
import type { StepPicture } from "./step.ts";

/** Grey values of a slice. */
export function windowedSlice({ volume, prepareOptions }: PartialCase, cut: Cut): Uint8Array {
  return applyWindow(cutVoxels(volume, cut), prepareOptions);
}

/** What the pictures of the last steps are made of. */
type Surrounded = PartialCase & Pick<ComputedCase, "lungs" | "dilated1" | "dilated2">;

/** A slice with everything but the lungs' surroundings masked away, and what was masked why. */
export function maskedSlice(state: Surrounded, cut: Cut): { values: Uint8Array; classes: Uint8Array } {
  const { lungs, dilated1, dilated2, prepareOptions } = state;
  const grey = windowedSlice(state, cut);
  const near = cutMask(dilated1, cut).union(cutMask(dilated2, cut));
  const inside = cutMask(lungs.lung1, cut).union(cutMask(lungs.lung2, cut));
  const classes = new Uint8Array(grey.length).fill(classOf("masked"));
  const { boneThreshold } = withDefaults(MASK_OPTIONS, prepareOptions);
  const [, height, width] = near.shape;
  for (let row = 0, i = 0; row < height; row++) {
    for (let column = 0; column < width; column++, i++) {
      if (!near.get(0, row, column)) continue;
      classes[i] = !inside.get(0, row, column) && grey[i]! > boneThreshold ? classOf("bone") : 0;
    }
  }
  return { values: maskImage(grey, inside, near, prepareOptions), classes };
}

/**
 * The slice of the new grid that lies at a slice of the scan.
 *
 * @param box - the part of the grid that is kept; without it the whole is shown
 */
export function resampledSlice(state: Surrounded, cut: Cut, box?: CropBox): Omit<StepPicture, "step"> {
  const { volume, lungs, dilated1, dilated2, prepareOptions } = state;
  const { across, down, fixed } = PLANE_AXES[cut.plane];
  const { newSpacing, precision } = withDefaults(GRID_OPTIONS, prepareOptions);
  const shape = resampledShape(volume.shape, volume.spacing, newSpacing, precision);
  const resampled = { shape, spacing: resampledSpacing(volume.shape, volume.spacing, shape, precision) };
  const step = axisStep(volume.shape[fixed], shape[fixed]);
  const at = Math.min(resampled.shape[fixed] - 1, step === 0 ? 0 : Math.round(cut.index / step));
  const [width, height] = [resampled.shape[across], resampled.shape[down]];
  const range = (axis: number): CropBox[0] => (axis === fixed ? [at, at + 1] : [0, resampled.shape[axis]!]);
  const whole: CropBox = [range(0), range(1), range(2)];
  const near = dilated1.union(dilated2);
  const values = onePassClean(volume, lungs.lung1.union(lungs.lung2), near, whole, prepareOptions);
  const isUpsideDown = down === 0;
  if (isUpsideDown) turnOver(values, width);
  const spacing = [resampled.spacing[down], resampled.spacing[across]] as const;
  const classes = new Uint8Array(values.length);
  if (box === undefined) return { width, height, spacing, values, unit: "grey", classes };
  const [top, bottom] = isUpsideDown ? [height - box[down][1], height - box[down][0]] : box[down];
  const [left, right] = box[across];
  classes.fill(classOf("cut"));
  if (at >= box[fixed][0] && at < box[fixed][1]) {
    for (let row = top; row < bottom; row++) classes.fill(0, row * width + left, row * width + right);
  }
  return { width, height, spacing, values, unit: "grey", classes, box: { top, bottom, left, right } };
}

/** Puts the last row first. */
function turnOver(values: Uint8Array, width: number): void {
  const rows = values.slice();
  for (let at = 0; at < values.length; at += width)
    values.set(rows.subarray(at, at + width), values.length - at - width);
}
