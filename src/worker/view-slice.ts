import { invalidOption } from "../errors.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Volume } from "../volume/volume.ts";
import type { Plane, ViewSlice } from "./protocol.ts";

/** The array's axes that a plane shows, and the one that it cuts: 0 is z, 1 is y, 2 is x. */
const AXES = {
  axial: { across: 2, down: 1, fixed: 0 },
  coronal: { across: 2, down: 0, fixed: 1 },
  sagittal: { across: 1, down: 0, fixed: 2 },
} as const;

/**
 * Cuts a slice out of a volume, one pixel a voxel, with up to two masks over it.
 *
 * @param volume - canonical: x to the left, y to the back, z to the head
 * @param overlays - masks of the volume's shape; where they overlap the last one counts
 * @throws PleuraError `invalid-option` when there is no such slice
 */
export function viewSlice(
  { voxels, shape }: Volume<Int16Array>,
  plane: Plane,
  index: number,
  overlays: readonly BitVolume[],
): ViewSlice {
  const { across, down, fixed } = AXES[plane];
  if (!(Number.isInteger(index) && index >= 0 && index < shape[fixed])) {
    throw invalidOption("index", `an integer from 0 to ${shape[fixed] - 1}`, index);
  }
  const strides = [shape[1] * shape[2], shape[2], 1] as const;
  const [width, height] = [shape[across], shape[down]];
  const values = new Int16Array(width * height);
  const overlay = new Uint8Array(width * height);
  const place: [number, number, number] = [0, 0, 0];
  place[fixed] = index;
  for (let row = 0, i = 0; row < height; row++) {
    // The head is at the end of axis 0 and at the top of a picture.
    place[down] = down === 0 ? height - 1 - row : row;
    let from = index * strides[fixed] + place[down] * strides[down];
    for (let column = 0; column < width; column++, i++, from += strides[across]) {
      values[i] = voxels[from]!;
      place[across] = column;
      for (let k = 0; k < overlays.length; k++) {
        if (overlays[k]!.get(place[0], place[1], place[2])) overlay[i] = k + 1;
      }
    }
  }
  return { plane, index, width, height, values, overlay };
}
