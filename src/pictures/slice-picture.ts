import { invalidOption } from "../errors.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import { PLANE_AXES, type Plane } from "../volume/cut.ts";
import type { Volume, VoxelArray } from "../volume/volume.ts";
import type { Colour, Picture } from "./picture.ts";

/** A mask drawn over the grey values. */
export interface Overlay {
  /** What is marked; of the volume's shape. */
  readonly mask: BitVolume;
  /** Colour of outline and inside. */
  readonly colour: Colour;
  /** How much of the colour covers the inside, 0 to 1. Default 0.25. */
  readonly fill?: number;
  /** Draws the outline in the full colour. Default true. */
  readonly outline?: boolean;
}

/** How to draw a slice. */
export interface SlicePictureOptions {
  /** Which way to cut. */
  readonly plane: Plane;
  /** Which slice of that plane, counted along its axis. */
  readonly index: number;
  /** Values that become black and white. Default: the lung window, -1350 to 150 HU. */
  readonly window?: readonly [low: number, high: number];
  /** Side of a picture's pixel, mm. Default 1. */
  readonly millimetres?: number;
  /** Drawn one after the other. */
  readonly overlays?: readonly Overlay[];
}

/** Lung window of a radiologist's screen: level -600, width 1,500 HU. */
const LUNG_WINDOW = [-1350, 150] as const;

/**
 * Draws a slice with square pixels as it is usual to look at it: the patient's left on the right
 * of axial and coronal pictures, the front on the left of sagittal ones, the head at the top.
 * The volume is taken to lie as a head-first supine scan does (axes along z, y and x). Values
 * are interpolated linearly, masks are taken from the nearest voxel.
 *
 * @param volume - what to draw
 * @param options - plane, slice, window and overlays
 * @throws PleuraError `invalid-option` when the slice does not exist or a mask has another shape
 */
export function drawSlice(volume: Volume<VoxelArray>, options: SlicePictureOptions): Picture {
  const { shape, spacing, voxels } = volume;
  const { plane, index, window = LUNG_WINDOW, millimetres = 1, overlays = [] } = options;
  const { across, down, fixed } = PLANE_AXES[plane];
  if (!(Number.isInteger(index) && index >= 0 && index < shape[fixed])) {
    throw invalidOption("index", `an integer from 0 to ${shape[fixed] - 1}`, index);
  }
  const strides = [shape[1] * shape[2], shape[2], 1] as const;
  const columns = sampleAxis(shape[across], spacing[across], millimetres, strides[across], false);
  const rows = sampleAxis(shape[down], spacing[down], millimetres, strides[down], down === 0);
  const width = columns.length;
  const rgb = new Uint8Array(width * rows.length * 3);
  const scale = 255 / (window[1] - window[0]);
  let at = 0;
  for (const row of rows) {
    const upper = index * strides[fixed] + row.low;
    const lower = index * strides[fixed] + row.high;
    for (const column of columns) {
      const above = mix(voxels[upper + column.low]!, voxels[upper + column.high]!, column.weight);
      const below = mix(voxels[lower + column.low]!, voxels[lower + column.high]!, column.weight);
      const grey = Math.min(255, Math.max(0, Math.round((mix(above, below, row.weight) - window[0]) * scale)));
      rgb[at++] = grey;
      rgb[at++] = grey;
      rgb[at++] = grey;
    }
  }
  for (const overlay of overlays) {
    if (!overlay.mask.shape.every((n, i) => n === shape[i])) {
      throw invalidOption("mask", `shape ${shape}`, overlay.mask.shape);
    }
    const cells = new Uint8Array(width * rows.length);
    const place: [number, number, number] = [index, index, index];
    let cell = 0;
    for (const row of rows) {
      place[down] = row.nearest;
      for (const column of columns) {
        place[across] = column.nearest;
        cells[cell++] = overlay.mask.get(place[0], place[1], place[2]) ? 1 : 0;
      }
    }
    blend(rgb, cells, width, overlay);
  }
  return { width, height: rows.length, rgb };
}

/** Where a pixel's middle lies on an axis: between two voxels, as offsets into the array. */
interface Sample {
  readonly low: number;
  readonly high: number;
  readonly weight: number;
  /** Index of the nearest voxel. */
  readonly nearest: number;
}

function sampleAxis(length: number, spacing: number, pixel: number, stride: number, reversed: boolean): Sample[] {
  const count = Math.max(1, Math.round((length * spacing) / pixel));
  const samples = Array.from({ length: count }, (_, p) => {
    const place = Math.min(length - 1, Math.max(0, ((p + 0.5) * length) / count - 0.5));
    const low = Math.floor(place);
    const high = Math.min(length - 1, low + 1);
    return { low: low * stride, high: high * stride, weight: place - low, nearest: Math.round(place) };
  });
  return reversed ? samples.reverse() : samples;
}

function mix(a: number, b: number, weight: number): number {
  return a + (b - a) * weight;
}

function blend(rgb: Uint8Array, cells: Uint8Array, width: number, overlay: Overlay): void {
  const { colour, fill = 0.25, outline = true } = overlay;
  for (let i = 0; i < cells.length; i++) {
    if (cells[i] === 0) continue;
    const column = i % width;
    const inner =
      column > 0 && column < width - 1 && cells[i - 1] && cells[i + 1] && cells[i - width] && cells[i + width];
    const opacity = outline && !inner ? 1 : fill;
    for (let c = 0; c < 3; c++) rgb[i * 3 + c] = Math.round(mix(rgb[i * 3 + c]!, colour[c]!, opacity));
  }
}
