import type { CropBox } from "../prepare/crop-box.ts";
import { dilatedHull } from "../prepare/dilated-hull.ts";
import { BONE_THRESHOLD, maskImage } from "../prepare/mask-image.ts";
import { renderClean } from "../prepare/render-clean.ts";
import { applyWindow } from "../prepare/window.ts";
import type { ComputedCase } from "./computed-case.ts";
import { layers } from "./lung-steps.ts";
import { paint, sliceOfMask, sliceOfVolume } from "./paint.ts";
import { classOf, type StepPicture } from "./step.ts";

/** The hull of the slice's lungs, and the dilation around it. */
export function drawHull({ lungs, dilated1, dilated2, prepareOptions, volume }: ComputedCase, z: number): Uint8Array {
  const classes = layers(volume.shape, z, [dilated1, "dilated"], [dilated2, "dilated"]);
  for (const lung of [lungs.lung1, lungs.lung2]) {
    paint(classes, dilatedHull(sliceOfMask(lung, z), { ...prepareOptions.hull, iterations: 0 }), 0, classOf("hull"));
  }
  paint(classes, lungs.lung1, z, classOf("first"));
  paint(classes, lungs.lung2, z, classOf("second"));
  return classes;
}

/** Grey values of a slice. */
export function windowedSlice({ volume, prepareOptions }: ComputedCase, z: number): Uint8Array {
  return applyWindow(sliceOfVolume(volume, z).voxels, prepareOptions);
}

/** A slice with everything but the lungs' surroundings masked away, and what was masked why. */
export function maskedSlice(state: ComputedCase, z: number): { values: Uint8Array; classes: Uint8Array } {
  const { lungs, dilated1, dilated2, prepareOptions } = state;
  const grey = windowedSlice(state, z);
  const near = sliceOfMask(dilated1, z).union(sliceOfMask(dilated2, z));
  const inside = sliceOfMask(lungs.lung1, z).union(sliceOfMask(lungs.lung2, z));
  const classes = new Uint8Array(grey.length).fill(classOf("masked"));
  const { boneThreshold = BONE_THRESHOLD } = prepareOptions;
  const [, ny, nx] = near.shape;
  for (let y = 0, i = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++, i++) {
      if (!near.get(0, y, x)) continue;
      classes[i] = !inside.get(0, y, x) && grey[i]! > boneThreshold ? classOf("bone") : 0;
    }
  }
  return { values: maskImage(grey, inside, near, prepareOptions), classes };
}

/** The slice of the new grid that lies at a slice of the scan, whole or cropped. */
export function resampledSlice(state: ComputedCase, z: number, cropped: boolean): Omit<StepPicture, "step"> {
  const { volume, lungs, dilated1, dilated2, geometry, prepareOptions } = state;
  const { box, resampled, step } = geometry;
  const at = Math.min(resampled.shape[0] - 1, step[0] === 0 ? 0 : Math.round(z / step[0]));
  const [height, width] = [resampled.shape[1], resampled.shape[2]];
  const whole: CropBox = [
    [at, at + 1],
    [0, height],
    [0, width],
  ];
  const near = dilated1.union(dilated2);
  const values = renderClean(volume, lungs.lung1.union(lungs.lung2), near, whole, prepareOptions);
  const classes = new Uint8Array(values.length);
  const spacing = [resampled.spacing[1], resampled.spacing[2]] as const;
  const rectangle = { top: box[1][0], bottom: box[1][1], left: box[2][0], right: box[2][1] };
  if (!cropped) return { width, height, spacing, values, unit: "grey", classes };
  classes.fill(classOf("cut"));
  if (at >= box[0][0] && at < box[0][1]) {
    for (let y = rectangle.top; y < rectangle.bottom; y++) {
      classes.fill(0, y * width + rectangle.left, y * width + rectangle.right);
    }
  }
  return { width, height, spacing, values, unit: "grey", classes, box: rectangle };
}
