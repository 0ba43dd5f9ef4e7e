import type { Orientation } from "../dicom/instance.ts";
import { dot, length, minus, planeNormal, scale } from "../dicom/plane-geometry.ts";
import type { Scan } from "../dicom/read-scan.ts";
import { indexToPatient, type Point } from "../volume/affine.ts";

/** A scan as regions of a DICOM object are brought to it. */
export type TargetScan = Pick<Scan, "shape" | "affine" | "stored" | "origin">;

/** Where an image of the scan lies. */
export interface PlacedImage {
  /** LPS position of the centre of its first pixel, mm. */
  readonly position: Point;
  readonly orientation: Orientation;
  /** Distance between rows, then between columns, mm. */
  readonly pixelSpacing: readonly [row: number, column: number];
}

/** The images of a scan's stored grid, with their places along the common normal. */
export interface ImageStack {
  readonly images: readonly PlacedImage[];
  readonly normal: Point;
  /** Distance of each image along the normal, mm, ascending or descending. */
  readonly at: readonly number[];
  readonly rows: number;
  readonly columns: number;
}

/** The images of a scan as its files place them, or as its stored grid does where they do not. */
export function imageStack({ stored, origin }: TargetScan): ImageStack {
  const isPlaced = origin?.images.every(
    ({ position, orientation, pixelSpacing }) =>
      position !== undefined && orientation !== undefined && pixelSpacing !== undefined,
  );
  const images = isPlaced ? (origin!.images as readonly PlacedImage[]) : imagesOfGrid(stored);
  const normal = planeNormal(images[0]!.orientation);
  return {
    images,
    normal,
    at: images.map(({ position }) => dot(position, normal)),
    rows: stored.shape[1],
    columns: stored.shape[2],
  };
}

function imagesOfGrid({ shape, affine }: TargetScan["stored"]): PlacedImage[] {
  const step = (axis: number): Point => [affine[axis]!, affine[4 + axis]!, affine[8 + axis]!];
  const [row, column] = [step(1), step(2)];
  const [dr, dc] = [length(row), length(column)];
  const orientation = [...scale(column, 1 / dc), ...scale(row, 1 / dr)] as unknown as Orientation;
  return Array.from({ length: shape[0] }, (_, k) => ({
    position: indexToPatient(affine, [k, 0, 0]),
    orientation,
    pixelSpacing: [dr, dc] as const,
  }));
}

/** Where a point lies on an image, in pixels: projected along the image's normal. */
export function onImage(
  { position, orientation: [rx, ry, rz, cx, cy, cz], pixelSpacing: [dr, dc] }: PlacedImage,
  point: Point,
): readonly [row: number, column: number] {
  const from = minus(point, position);
  return [dot(from, [cx, cy, cz]) / dr, dot(from, [rx, ry, rz]) / dc];
}

/** Index of the image that is nearest along the normal. */
export function nearestImage({ at }: Pick<ImageStack, "at">, place: number): number {
  let [low, high] = [0, at.length - 1];
  const isRising = at[high]! >= at[0]!;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (at[middle]! <= place === isRising) low = middle;
    else high = middle;
  }
  return Math.abs(at[low]! - place) <= Math.abs(at[high]! - place) ? low : high;
}
