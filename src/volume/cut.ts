import { invalidOption } from "../errors.ts";
import { BitVolume } from "./bit-volume.ts";
import type { Triple, Volume } from "./volume.ts";

/** The three ways to cut. */
export type Plane = "axial" | "coronal" | "sagittal";

/** The array's axes that a plane shows, and the one that it cuts: 0 is z, 1 is y, 2 is x. */
export const PLANE_AXES = {
  axial: { across: 2, down: 1, fixed: 0 },
  coronal: { across: 2, down: 0, fixed: 1 },
  sagittal: { across: 1, down: 0, fixed: 2 },
} as const;

/** One slice of a volume, to be looked at. */
export interface Cut {
  readonly plane: Plane;
  /** Counted along the axis that the plane cuts. */
  readonly index: number;
}

/**
 * Takes a slice out of a volume, one pixel a voxel: the patient's left on the right of axial and
 * coronal slices, the front on the left of sagittal ones, the head at the top.
 *
 * @param volume - canonical: x to the left, y to the back, z to the head
 * @returns the values row by row, in memory of their own
 * @throws PleuraError `invalid-option` when there is no such slice
 */
export function cutVoxels({ voxels, shape }: Volume<Int16Array>, cut: Cut): Int16Array {
  checkCut(cut, shape);
  const { across, down, fixed } = PLANE_AXES[cut.plane];
  const strides = [shape[1] * shape[2], shape[2], 1] as const;
  const [width, height] = [shape[across], shape[down]];
  const values = new Int16Array(width * height);
  for (let row = 0, i = 0; row < height; row++) {
    let from = cut.index * strides[fixed] + placeOfRow(cut.plane, row, height) * strides[down];
    for (let column = 0; column < width; column++, i++, from += strides[across]) values[i] = voxels[from]!;
  }
  return values;
}

/**
 * Takes the same slice out of a mask.
 *
 * @returns a mask of one plane, `[1, height, width]`, with words of its own
 * @throws PleuraError `invalid-option` when there is no such slice
 */
export function cutMask(mask: BitVolume, cut: Cut): BitVolume {
  checkCut(cut, mask.shape);
  const { across, down } = PLANE_AXES[cut.plane];
  const [width, height] = [mask.shape[across], mask.shape[down]];
  const out = new BitVolume([1, height, width]);
  for (let row = 0; row < height; row++) {
    const at = placeOfRow(cut.plane, row, height);
    if (cut.plane === "sagittal") {
      for (let column = 0; column < width; column++) if (mask.get(at, column, cut.index)) out.set(0, row, column);
    } else {
      const line = cut.plane === "axial" ? cut.index * height + at : at * mask.shape[1] + cut.index;
      const words = mask.words.subarray(line * mask.wordsPerRow, (line + 1) * mask.wordsPerRow);
      out.words.set(words, row * out.wordsPerRow);
    }
  }
  return out;
}

/** The place along the axis that points down of a picture's row: the head is at the end of z and at the top. */
export function placeOfRow(plane: Plane, row: number, height: number): number {
  return plane === "axial" ? row : height - 1 - row;
}

/** @throws PleuraError `invalid-option` when a volume of this shape has no such slice. */
export function checkCut({ plane, index }: Cut, shape: Triple): void {
  const length = shape[PLANE_AXES[plane].fixed];
  if (!(Number.isInteger(index) && index >= 0 && index < length)) {
    throw invalidOption("index", `an integer from 0 to ${length - 1}`, index);
  }
}
