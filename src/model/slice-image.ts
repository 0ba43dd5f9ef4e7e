import { zoom } from "../prepare/zoom.ts";
import { bodyBox, type SliceBox } from "./body-box.ts";
import type { ModelRecipe } from "./recipe.ts";

/** A slice as a network gets it, and the part of the slice that it is. */
export interface SliceImage {
  /** Channel by channel, row by row. */
  readonly values: Float32Array;
  readonly box: SliceBox;
}

/**
 * Makes a network's image of a slice: the window, the crop, bilinear interpolation with aligned corners to whole
 * Hounsfield units, then the scale.
 *
 * @param hu - one slice, Hounsfield units, row by row
 */
export function sliceImage(hu: Int16Array, height: number, width: number, recipe: ModelRecipe): SliceImage {
  const [low, high] = recipe.window;
  const windowed = hu.map((value) => Math.min(Math.max(value, low), high));
  const box: SliceBox =
    recipe.crop === "body" ? bodyBox(windowed, height, width) : { low: [0, 0], high: [height, width] };
  const [rows, columns] = boxSize(box);
  const part = new Int16Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    const at = (box.low[0] + y) * width + box.low[1];
    part.set(windowed.subarray(at, at + columns), y * columns);
  }
  const image = zoom(part, [1, rows, columns], [1, ...recipe.size], 1);
  const [from, to] = recipe.scale;
  const values = new Float32Array(image.length * recipe.channels);
  for (let i = 0; i < image.length; i++) values[i] = from + ((image[i]! - low) / (high - low)) * (to - from);
  for (let c = 1; c < recipe.channels; c++) values.copyWithin(c * image.length, 0, image.length);
  return { values, box };
}

/**
 * Puts a network's labels of a slice back where its image was taken from: each pixel takes the nearest label.
 *
 * @param labels - of the recipe's size
 * @param out - the slice, changed in place: zero outside of the box
 * @param width - of the slice
 */
export function placeLabels(
  labels: Uint8Array,
  size: ModelRecipe["size"],
  box: SliceBox,
  out: Int16Array,
  width: number,
): void {
  const [rows, columns] = boxSize(box);
  const part = zoom(labels, [1, ...size], [1, rows, columns], 0);
  for (let y = 0; y < rows; y++) {
    out.set(part.subarray(y * columns, (y + 1) * columns), (box.low[0] + y) * width + box.low[1]);
  }
}

function boxSize({ low, high }: SliceBox): [rows: number, columns: number] {
  return [high[0] - low[0], high[1] - low[1]];
}
