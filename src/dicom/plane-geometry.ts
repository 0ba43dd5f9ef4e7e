import type { Point } from "../volume/affine.ts";
import type { Instance, Orientation } from "./instance.ts";

/** The way that the planes of a stack face: the axis of the patient nearest to their normal. */
export type Facing = "axial" | "coronal" | "sagittal" | "oblique";

/** Rows to the patient's left, columns to the back: an axial slice as it is usually stored. */
export const AXIAL: Orientation = [1, 0, 0, 0, 1, 0];

/**
 * A normal within this of a main axis is taken for the axis itself, so that positions along it are
 * the very numbers of the header and not sums of rounded products.
 */
const SNAP = 1e-4;
/** Planes face an axis while their normal is within 37° of it; gantries tilt up to 30°. */
const FACING = 0.8;

/** The unit normal of a plane of pixels, on the side of the head (or of the back, or the left). */
export function planeNormal(orientation: Orientation): Point {
  const normal = unit(cross(rowDirection(orientation), columnDirection(orientation)));
  const axis = mainAxis(normal);
  const sign = normal[axis] < 0 ? -1 : 1;
  if (Math.abs(normal[axis]) > 1 - SNAP ** 2) return [0, 1, 2].map((i) => (i === axis ? 1 : 0)) as unknown as Point;
  return scale(normal, sign);
}

/** Which way a plane with this normal faces. */
export function planeOf(normal: Point): Facing {
  const axis = mainAxis(normal);
  if (Math.abs(normal[axis]) < FACING) return "oblique";
  return (["sagittal", "coronal", "axial"] as const)[axis];
}

/** How far direction cosines are from two unit vectors at a right angle; 0 when they are that. */
export function orthonormalError(orientation: Orientation): number {
  const row = rowDirection(orientation);
  const column = columnDirection(orientation);
  return Math.max(Math.abs(length(row) - 1), Math.abs(length(column) - 1), Math.abs(dot(row, column)));
}

/**
 * Where an instance lies along a normal, millimetres; by its slice location when it has no
 * position, and `undefined` when it has neither.
 */
export function distanceAlong({ position, sliceLocation }: Instance, normal: Point): number | undefined {
  return position === undefined ? sliceLocation : dot(position, normal);
}

/** Angle between two directions, degrees, 0 to 180. */
export function angleBetween(a: Point, b: Point): number {
  return (Math.atan2(length(cross(a, b)), dot(a, b)) * 180) / Math.PI;
}

/** The direction in which a row's pixels follow each other. */
export function rowDirection([x, y, z]: Orientation): Point {
  return [x, y, z];
}

/** The direction in which rows follow each other. */
export function columnDirection([, , , x, y, z]: Orientation): Point {
  return [x, y, z];
}

/** Index of the largest component: 0 left, 1 back, 2 head. */
export function mainAxis([x, y, z]: Point): 0 | 1 | 2 {
  const [ax, ay, az] = [Math.abs(x), Math.abs(y), Math.abs(z)];
  if (az >= ax && az >= ay) return 2;
  return ay >= ax ? 1 : 0;
}

/** Sum of the products of the components. */
export function dot(a: Point, b: Point): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** Length of a vector. */
export function length(a: Point): number {
  return Math.hypot(a[0], a[1], a[2]);
}

/** A vector times a number. */
export function scale(a: Point, by: number): Point {
  return [a[0] * by, a[1] * by, a[2] * by];
}

/** The vector from `b` to `a`. */
export function minus(a: Point, b: Point): Point {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function cross(a: Point, b: Point): Point {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(a: Point): Point {
  const size = length(a);
  return size === 0 ? [0, 0, 1] : scale(a, 1 / size);
}
