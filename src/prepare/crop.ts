import { invalidOption } from "../errors.ts";
import { type Triple, type VoxelArray, voxelCount } from "../volume/volume.ts";
import { boxShape, type CropBox } from "./crop-box.ts";

/**
 * Copies the voxels of a box.
 *
 * @param voxels - C-ordered, any type
 * @param shape - `[z, y, x]` of voxels
 * @returns an array of the same type, of the box's shape
 * @throws PleuraError `invalid-option` when the box reaches out of the volume.
 */
export function crop<T extends VoxelArray>(voxels: T, shape: Triple, box: CropBox): T {
  if (!box.every(([low, high], axis) => low >= 0 && low < high && high <= shape[axis]!)) {
    throw invalidOption("box", `ranges within ${shape.join(" × ")}`, box.map((range) => range.join("–")).join(", "));
  }
  const size = boxShape(box);
  const out = new (voxels.constructor as new (length: number) => T)(voxelCount(size));
  for (let z = 0; z < size[0]; z++) {
    for (let y = 0; y < size[1]; y++) {
      const from = ((box[0][0] + z) * shape[1] + box[1][0] + y) * shape[2] + box[2][0];
      out.set(voxels.subarray(from, from + size[2]) as never, (z * size[1] + y) * size[2]);
    }
  }
  return out;
}
