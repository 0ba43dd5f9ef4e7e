import type { Affine, Point } from "../volume/affine.ts";
import type { NiftiGeometry } from "./nifti.ts";

/** One axis of an image as MetaImage and NRRD describe it. */
export interface ImageAxis {
  /** Number of voxels. */
  readonly size: number;
  /** From one voxel to the next, LPS millimetres. */
  readonly step: Point;
  /** Length of the step, millimetres. */
  readonly spacing: number;
  /** The step's direction, a unit vector. */
  readonly direction: Point;
}

/** The axes of a grid, x first, as image formats list them. */
export function imageAxes({ shape, affine }: Pick<NiftiGeometry, "shape" | "affine">): ImageAxis[] {
  return [2, 1, 0].map((axis) => {
    const step: Point = [affine[axis]!, affine[axis + 4]!, affine[axis + 8]!];
    const spacing = Math.hypot(...step);
    // -0 would be written as such; adding 0 makes it 0.
    const direction = step.map((part) => part / spacing + 0) as unknown as Point;
    return { size: shape[axis]!, step, spacing, direction };
  });
}

/** Where the centre of the first voxel lies, LPS millimetres. */
export function imageOrigin(affine: Affine): Point {
  return [affine[3] + 0, affine[7] + 0, affine[11] + 0];
}
