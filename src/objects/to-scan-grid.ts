import { dot } from "../dicom/plane-geometry.ts";
import type { LabelImage } from "../masks/label-image.ts";
import { indexToPatient, type Point } from "../volume/affine.ts";
import { voxelCount } from "../volume/volume.ts";
import { type ImageStack, nearestImage, onImage, type TargetScan } from "./scan-images.ts";
import { turnOf } from "./source-grid.ts";

/** Labels on a scan's own images as an image of labels. */
export interface PlacedLabels {
  readonly image: LabelImage;
  /** Whether each label is a voxel's own; false for tilted and filled scans, whose voxels lie between the images. */
  readonly exact: boolean;
}

/**
 * Brings labels from the scan's images to where the scan can use them: as they are, where the volume was only turned; otherwise each
 * voxel takes the label of the pixel that is nearest, or none where no image is near.
 *
 * @param labels - int16 `[image, row, column]`, shape of the stored grid
 */
export function toScanGrid(labels: Int16Array, scan: TargetScan, stack: ImageStack): PlacedLabels {
  const { shape, affine, stored } = scan;
  if (turnOf(scan) !== undefined) {
    return { image: { voxels: labels, shape: stored.shape, affine: stored.affine, oriented: true }, exact: true };
  }
  const voxels = new Int16Array(voxelCount(shape));
  const { images, at, normal, rows, columns } = stack;
  const reach = Math.abs(at.at(-1)! - at[0]!) / Math.max(1, at.length - 1) / 2;
  const [first, last] = [Math.min(at[0]!, at.at(-1)!), Math.max(at[0]!, at.at(-1)!)];
  const step: Point = [affine[2], affine[6], affine[10]];
  let to = 0;
  for (let z = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      const [px, py, pz] = indexToPatient(affine, [z, y, 0]);
      for (let x = 0; x < shape[2]; x++, to++) {
        const point: Point = [px + step[0] * x, py + step[1] * x, pz + step[2] * x];
        const place = dot(point, normal);
        if (place < first - reach || place > last + reach) continue;
        const k = nearestImage(stack, place);
        const [row, column] = onImage(images[k]!, point).map(Math.round) as [number, number];
        if (row < 0 || column < 0 || row >= rows || column >= columns) continue;
        voxels[to] = labels[(k * rows + row) * columns + column]!;
      }
    }
  }
  return { image: { voxels, shape, affine, oriented: true }, exact: false };
}
