import type { Components } from "../ops/label.ts";
import { classOf, type PixelClass } from "../pipeline/pixel-class.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import { type Cut, cutMask, PLANE_AXES, placeOfRow } from "../volume/cut.ts";
import type { Triple } from "../volume/volume.ts";

/** A mask with the class that it gives to its pixels. */
export type Layer = readonly [mask: BitVolume, name: PixelClass];

/** Paints a slice of masks over each other, the first at the bottom: the class of each pixel. */
export function paintLayers(shape: Triple, cut: Cut, ...layers: readonly Layer[]): Uint8Array {
  const { width, height } = sizeOf(shape, cut);
  const classes = new Uint8Array(width * height);
  for (const [mask, name] of layers) paintMask(classes, cutMask(mask, cut), classOf(name));
  return classes;
}

/**
 * Paints a slice of a mask's components over what is there.
 *
 * @param components - of the scan's slices from the lowest one on, though not of all of them
 * @param classOfRun - class of each run
 * @param shape - of the scan
 */
export function paintRuns(
  classes: Uint8Array,
  { runs }: Components,
  classOfRun: Uint8Array,
  { plane, index }: Cut,
  shape: Triple,
): void {
  const { start, end, rowStart, planes, rowsPerPlane } = runs;
  const { width, height } = sizeOf(shape, { plane, index });
  for (let row = 0; row < height; row++) {
    const place = placeOfRow(plane, row, height);
    const z = plane === "axial" ? index : place;
    if (z >= planes) continue;
    if (plane === "sagittal") {
      for (let y = 0; y < width; y++) {
        const line = z * rowsPerPlane + y;
        for (let i = rowStart[line]!; i < rowStart[line + 1]!; i++) {
          if (start[i]! <= index && index < end[i]!) classes[row * width + y] = classOfRun[i]!;
        }
      }
    } else {
      const line = z * rowsPerPlane + (plane === "axial" ? place : index);
      for (let i = rowStart[line]!; i < rowStart[line + 1]!; i++) {
        classes.fill(classOfRun[i]!, row * width + start[i]!, row * width + end[i]!);
      }
    }
  }
}

/** Pixels of a slice, across and down. */
export function sizeOf(shape: Triple, { plane }: Cut): { readonly width: number; readonly height: number } {
  const { across, down } = PLANE_AXES[plane];
  return { width: shape[across], height: shape[down] };
}

/** Gives the pixels of a slice's mask a value. */
export function paintMask(pixels: Uint8Array, { shape, words, wordsPerRow }: BitVolume, value: number): void {
  const [, height, width] = shape;
  for (let row = 0; row < height; row++) {
    for (let w = 0; w < wordsPerRow; w++) {
      let bits = words[row * wordsPerRow + w]!;
      while (bits !== 0) {
        const low = bits & -bits;
        pixels[row * width + w * 32 + 31 - Math.clz32(low)] = value;
        bits ^= low;
      }
    }
  }
}
