import type { Box } from "./body-box.ts";
import type { Spot } from "./geometry.ts";

/** Which part of a slice's picture a pane shows. */
export interface Zoom {
  /** How much larger than the largest whole picture that fits. */
  readonly scale: number;
  /** What lies in the middle of the pane. */
  readonly middle: Spot;
}

/** A picture and the pane that shows it. */
export interface Fitting {
  readonly columns: number;
  readonly rows: number;
  /** Millimetres of a pixel. */
  readonly pixel: readonly [down: number, across: number];
  /** CSS pixels. */
  readonly pane: readonly [width: number, height: number];
}

const SMALLEST = 0.5;
const LARGEST = 40;
/** What is left free around a box, as a share of the pane. */
const MARGIN = 0.04;

/** The whole picture. */
export function wholeZoom({ columns, rows }: Fitting): Zoom {
  return { scale: 1, middle: { column: (columns - 1) / 2, row: (rows - 1) / 2 } };
}

/** A box of the picture as large as it fits into the pane. */
export function zoomToBox(fitting: Fitting, { left, top, right, bottom }: Box): Zoom {
  const { columns, rows, pixel, pane } = fitting;
  const scaleOf = (wide: number, high: number): number =>
    Math.min(pane[0] / (wide * pixel[1]), pane[1] / (high * pixel[0]));
  const scale = ((1 - MARGIN) * scaleOf(right - left + 1, bottom - top + 1)) / scaleOf(columns, rows);
  return { scale: limited(scale), middle: { column: (left + right) / 2, row: (top + bottom) / 2 } };
}

/** Zooms in or out; what lies at `fixed` stays where it is in the pane. */
export function zoomAbout(zoom: Zoom, factor: number, fixed: Spot, fitting: Fitting): Zoom {
  const scale = limited(zoom.scale * factor);
  const share = zoom.scale / scale;
  const column = fixed.column + (zoom.middle.column - fixed.column) * share;
  const row = fixed.row + (zoom.middle.row - fixed.row) * share;
  return { scale, middle: within({ column, row }, fitting) };
}

/** Moves the picture by pixels of its own, to the right and down. */
export function panBy(zoom: Zoom, columns: number, rows: number, fitting: Fitting): Zoom {
  const middle = { column: zoom.middle.column - columns, row: zoom.middle.row - rows };
  return { scale: zoom.scale, middle: within(middle, fitting) };
}

function limited(scale: number): number {
  return Math.min(LARGEST, Math.max(SMALLEST, scale));
}

/** Something of the picture stays in the middle of the pane, so that it cannot be lost. */
function within({ column, row }: Spot, { columns, rows }: Fitting): Spot {
  return { column: Math.min(columns - 1, Math.max(0, column)), row: Math.min(rows - 1, Math.max(0, row)) };
}
