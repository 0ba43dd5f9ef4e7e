import type { Plane } from "pleura/worker";
import { formatNumber } from "../dom.ts";
import type { Spot } from "./geometry.ts";

/** What the pointer does in a slice. */
export type Tool = "crosshair" | "distance" | "area";

/** Something measured in a slice. */
export interface Measurement {
  readonly tool: "distance" | "area";
  readonly plane: Plane;
  readonly index: number;
  /** A distance has two, an area's outline three or more. */
  readonly spots: Spot[];
}

/** A slice with the size of its pixels. */
export interface MeasuredSlice {
  readonly width: number;
  readonly values: Int16Array;
  /** Millimetres, down and across. */
  readonly pixel: readonly [down: number, across: number];
}

/** The measurement in words: millimetres, or square millimetres with the mean of the values inside. */
export function describe({ tool, spots }: Measurement, slice: MeasuredSlice): string {
  if (tool === "distance") return `${formatNumber(distance(spots, slice.pixel), 1)} mm`;
  const mean = meanInside(spots, slice);
  const area = `${formatNumber(polygonArea(spots, slice.pixel))} mm²`;
  return mean === undefined ? area : `${area}, mean ${formatNumber(mean)} HU`;
}

/** Distance from the first spot to the last, mm. */
export function distance(spots: readonly Spot[], [down, across]: readonly [number, number]): number {
  const [a, b] = [spots[0]!, spots.at(-1)!];
  return Math.hypot((b.row - a.row) * down, (b.column - a.column) * across);
}

/** Area of a polygon, mm². */
export function polygonArea(spots: readonly Spot[], [down, across]: readonly [number, number]): number {
  let sum = 0;
  for (const [i, a] of spots.entries()) {
    const b = spots[(i + 1) % spots.length]!;
    sum += a.column * b.row - b.column * a.row;
  }
  return (Math.abs(sum) / 2) * down * across;
}

/** Mean of the values whose pixels' middles lie within a polygon; `undefined` when none does. */
export function meanInside(spots: readonly Spot[], { width, values }: MeasuredSlice): number | undefined {
  const rows = spots.map(({ row }) => row);
  const last = Math.min(values.length / width - 1, Math.floor(Math.max(...rows)));
  let sum = 0;
  let count = 0;
  for (let row = Math.max(0, Math.ceil(Math.min(...rows))); row <= last; row++) {
    const crossings = crossingsOf(spots, row);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const end = Math.min(width - 1, Math.floor(crossings[k + 1]!));
      for (let column = Math.max(0, Math.ceil(crossings[k]!)); column <= end; column++) {
        sum += values[row * width + column]!;
        count++;
      }
    }
  }
  return count === 0 ? undefined : sum / count;
}

/** Columns where a polygon's outline crosses a row, ascending. */
function crossingsOf(spots: readonly Spot[], row: number): number[] {
  const crossings: number[] = [];
  for (const [i, a] of spots.entries()) {
    const b = spots[(i + 1) % spots.length]!;
    if (a.row > row === b.row > row) continue;
    crossings.push(a.column + ((row - a.row) / (b.row - a.row)) * (b.column - a.column));
  }
  return crossings.sort((a, b) => a - b);
}
