/**
 * The standard patient: surfaces of the chest as functions of a place. Coordinates are in
 * millimetres, x to the patient's left, y to the back, z to the head; x and y from the body's
 * axis, z from the lower end of the chest. Only operations that IEEE 754 rounds exactly are
 * used, so that every platform makes the same voxels.
 */

/** Right and left lung in a region map; everything else is 0. */
export const RIGHT = 1;
export const LEFT = 2;

/** Height above which there is no lung. */
export const APEX = 288;
/** Height above which no point of the diaphragm reaches. */
export const DIAPHRAGM_TOP = 115;
/** Shift of the scan that leads below the chest: an abdomen. */
export const ABDOMEN_SHIFT = -360;

/** Half axes of a cross-section. */
export interface Section {
  readonly width: number;
  readonly depth: number;
  /** Place of the middle on the y axis. */
  readonly middle: number;
}

/** How square the cross-sections are: 0 is an ellipse. */
const SQUARENESS = 0.35;

/**
 * Half the width of a cross-section at height y: where u² + v² − s·u²v² = 1.
 *
 * @returns a negative number where the row does not meet the section
 */
export function halfWidth({ width, depth, middle }: Section, y: number): number {
  const v = (y - middle) / depth;
  return v * v >= 1 ? -1 : width * Math.sqrt((1 - v * v) / (1 - SQUARENESS * v * v));
}

/** A section grown by a margin all round (negative: shrunk). */
export function grow({ width, depth, middle }: Section, margin: number): Section {
  return { width: width + margin, depth: depth + margin, middle };
}

/** The skin. */
export function bodySection(z: number): Section {
  const above = clamp01((z - 230) / 110);
  return { width: 164 - 22 * above * above, depth: 108 - 14 * above * above, middle: 0 };
}

/** The inner side of the rib cage: what the lungs lie against. Empty above the apex. */
export function thoraxSection(z: number): Section {
  const above = clamp01((z - 150) / (APEX - 150));
  const below = clamp01((110 - z) / 200);
  const narrowing = Math.sqrt(1 - above * above);
  return { width: 134 * narrowing - 6 * below, depth: 86 * Math.sqrt(narrowing) - 4 * below, middle: -4 + 14 * above };
}

/** An ellipsoid of the mediastinum that pushes the lungs aside. */
interface Ellipsoid {
  readonly centre: readonly [x: number, y: number, z: number];
  readonly radii: readonly [x: number, y: number, z: number];
}

/** The heart: its larger half lies to the left. */
export const HEART: readonly Ellipsoid[] = [
  { centre: [30, -26, 112], radii: [58, 46, 54] },
  { centre: [-14, -18, 118], radii: [36, 40, 50] },
];

/** Half axes of an ellipsoid's cross-section at height z; undefined where it has none. */
export function ellipsoidSection({ centre, radii }: Ellipsoid, z: number): Section | undefined {
  const w = (z - centre[2]) / radii[2];
  if (w * w >= 1) return undefined;
  const scale = Math.sqrt(1 - w * w);
  return { width: radii[0] * scale, depth: radii[1] * scale, middle: centre[1] };
}

/**
 * How far the mediastinum reaches to the right and to the left of the axis in a row.
 *
 * @returns two distances, both positive
 */
export function mediastinum(y: number, z: number): readonly [right: number, left: number] {
  const v = (y + 4) / 86;
  const base = 7 + 21 * Math.max(0, 1 - v * v) + 6 * clamp01((z - 200) / 60);
  const spine = halfWidth({ width: 27, depth: 30, middle: 70 }, y);
  const arch = halfWidth({ width: 16, depth: 34, middle: 18 }, y) * clamp01(1 - Math.abs(z - 205) / 22);
  let right = Math.max(base, spine);
  let left = Math.max(base + Math.max(0, arch), spine + 6);
  for (const part of HEART) {
    const section = ellipsoidSection(part, z);
    if (section === undefined) continue;
    const half = ellipseHalfWidth(section, y);
    right = Math.max(right, half - part.centre[0]);
    left = Math.max(left, half + part.centre[0]);
  }
  return [right, left];
}

/** Half the width of an ellipse at height y; negative where the row does not meet it. */
export function ellipseHalfWidth({ width, depth, middle }: Section, y: number): number {
  const v = (y - middle) / depth;
  return v * v >= 1 ? -1e3 : width * Math.sqrt(1 - v * v);
}

/** Height of the diaphragm: two domes, the right one higher, falling to the recesses outside. */
export function diaphragm(x: number, y: number): number {
  const u = (Math.abs(x) - 58) / 78;
  const v = (y + 8) / 90;
  return (x < 0 ? 46 : 44) + (x < 0 ? 66 : 52) * (1 - u * u - v * v);
}

/** Which lung a place lies in: `RIGHT`, `LEFT` or 0. */
export function lungAt(x: number, y: number, z: number): number {
  if (z >= APEX || Math.abs(x) >= halfWidth(thoraxSection(z), y)) return 0;
  const [right, left] = mediastinum(y, z);
  if (x > -right && x < left) return 0;
  if (z < DIAPHRAGM_TOP && z < diaphragm(x, y)) return 0;
  return x < 0 ? RIGHT : LEFT;
}

/** A number pushed into the range from 0 to 1. */
export function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
