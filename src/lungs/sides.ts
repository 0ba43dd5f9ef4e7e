import { extractRuns } from "../ops/runs.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import type { Volume, VoxelArray } from "../volume/volume.ts";
import type { Lungs } from "./types.ts";

/** The lungs by the patient's sides. */
export interface LungSides {
  readonly right: BitVolume;
  readonly left: BitVolume;
}

/** Share of an unseparated mask that must lie on one side of the scan to be taken for that lung alone. */
const ONE_SIDED = 0.9;

/**
 * Tells right from left by geometry: of two lungs the right one is that whose centroid lies
 * farther to the patient's right.
 *
 * Lungs that did not separate are one mask. If nearly all of it lies on one side of the sagittal
 * plane through the scan's centre it is that side's lung; otherwise the plane divides it.
 *
 * @param volume - the scan; only its shape and affine are used
 */
export function lungSides(volume: Pick<Volume<VoxelArray>, "shape" | "affine">, lungs: Lungs): LungSides {
  if (lungs.sides !== undefined) return lungs.sides;
  const { lung1, lung2 } = lungs;
  if (lungs.separated) {
    return meanLeft(volume, lung1) <= meanLeft(volume, lung2)
      ? { right: lung1, left: lung2 }
      : { right: lung2, left: lung1 };
  }
  const [right, left] = divideAtCentre(volume, lung1);
  const voxels = lung1.count();
  if (right.count() >= ONE_SIDED * voxels) return { right: lung1, left: lung2 };
  if (left.count() >= ONE_SIDED * voxels) return { right: lung2, left: lung1 };
  return { right, left };
}

/** Mean position of a mask's voxels along the axis that points to the patient's left, mm. */
export function meanLeft({ affine }: Pick<Volume, "affine">, mask: BitVolume): number {
  const { start, end, rowStart, planes, rowsPerPlane } = extractRuns(mask);
  let sum = 0;
  let voxels = 0;
  for (let row = 0; row < planes * rowsPerPlane; row++) {
    const offset = affine[0] * Math.floor(row / rowsPerPlane) + affine[1] * (row % rowsPerPlane) + affine[3];
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      const n = end[i]! - start[i]!;
      sum += n * (offset + (affine[2] * (start[i]! + end[i]! - 1)) / 2);
      voxels += n;
    }
  }
  return sum / voxels;
}

/** Divides a mask at the sagittal plane through the centre of the grid. */
function divideAtCentre({ shape, affine }: Pick<Volume, "shape" | "affine">, mask: BitVolume): [BitVolume, BitVolume] {
  const right = new BitVolume(mask.shape);
  const left = new BitVolume(mask.shape);
  const centre = (affine[0] * (shape[0] - 1) + affine[1] * (shape[1] - 1) + affine[2] * (shape[2] - 1)) / 2;
  const { start, end, rowStart, planes, rowsPerPlane } = extractRuns(mask);
  for (let row = 0; row < planes * rowsPerPlane; row++) {
    const z = Math.floor(row / rowsPerPlane);
    const y = row % rowsPerPlane;
    // Position of the row's first voxel, to the left of the centre.
    const offset = affine[0] * z + affine[1] * y - centre;
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      for (let x = start[i]!; x < end[i]!; x++) (offset + affine[2] * x < 0 ? right : left).set(z, y, x);
    }
  }
  return [right, left];
}
