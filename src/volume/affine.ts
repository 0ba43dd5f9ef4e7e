import { invalidOption } from "../errors.ts";
import type { Triple } from "./triple.ts";

/**
 * A 4 × 4 matrix, row-major, that leads from a voxel's index `[z, y, x, 1]` to DICOM's patient
 * coordinates `[L, P, S, 1]` in millimetres: x grows to the patient's left, y to the back, z to
 * the head. The columns belong to the array's axes in their order, so column 0 is the step from
 * slice to slice and column 2 the step from pixel to pixel within a row.
 */
export type Affine = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** A point in patient coordinates: LPS, millimetres. */
export type Point = readonly [left: number, posterior: number, superior: number];

/**
 * Builds an affine from the steps along the three array axes.
 *
 * @param origin - LPS position of voxel (0, 0, 0), millimetres
 * @param slice - step from slice to slice (axis 0), millimetres
 * @param row - step from row to row (axis 1), millimetres
 * @param column - step from column to column (axis 2), millimetres
 */
export function affineFromSteps(origin: Point, slice: Point, row: Point, column: Point): Affine {
  return [
    slice[0],
    row[0],
    column[0],
    origin[0],
    slice[1],
    row[1],
    column[1],
    origin[1],
    slice[2],
    row[2],
    column[2],
    origin[2],
    0,
    0,
    0,
    1,
  ];
}

/** The affine of an upright grid whose first voxel lies at the origin. */
export function affineFromSpacing(spacing: Triple): Affine {
  return affineFromSteps([0, 0, 0], [0, 0, spacing[0]], [0, spacing[1], 0], [spacing[2], 0, 0]);
}

/** Leads an index (may be fractional) to patient coordinates, LPS millimetres. */
export function indexToPatient(affine: Affine, index: Triple): Point {
  const [z, y, x] = index;
  return [
    affine[0] * z + affine[1] * y + affine[2] * x + affine[3],
    affine[4] * z + affine[5] * y + affine[6] * x + affine[7],
    affine[8] * z + affine[9] * y + affine[10] * x + affine[11],
  ];
}

/** Leads a point in patient coordinates (LPS, mm) to a fractional index `[z, y, x]`. */
export function patientToIndex(affine: Affine, point: Point): Triple {
  return indexToPatient(invertAffine(affine), point as unknown as Triple) as unknown as Triple;
}

/** `first` then `then`: the matrix product `then · first`. */
export function composeAffine(first: Affine, then: Affine): Affine {
  const out = new Array<number>(16);
  for (let r = 0; r < 4; r++) {
    for (let c = 0; c < 4; c++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += (then[r * 4 + k] as number) * (first[k * 4 + c] as number);
      out[r * 4 + c] = sum;
    }
  }
  return out as unknown as Affine;
}

/**
 * The inverse of an affine.
 *
 * @throws PleuraError `invalid-option` when the three steps do not span space.
 */
export function invertAffine(m: Affine): Affine {
  const [a, b, c, t0, d, e, f, t1, g, h, i, t2] = m;
  const A = e * i - f * h,
    B = f * g - d * i,
    C = d * h - e * g;
  const det = a * A + b * B + c * C;
  if (!Number.isFinite(det) || Math.abs(det) < 1e-12)
    throw invalidOption("affine", "an invertible matrix", `determinant ${det}`);
  const r = [
    A / det,
    (c * h - b * i) / det,
    (b * f - c * e) / det,
    B / det,
    (a * i - c * g) / det,
    (c * d - a * f) / det,
    C / det,
    (b * g - a * h) / det,
    (a * e - b * d) / det,
  ] as const;
  return [
    r[0],
    r[1],
    r[2],
    -(r[0] * t0 + r[1] * t1 + r[2] * t2),
    r[3],
    r[4],
    r[5],
    -(r[3] * t0 + r[4] * t1 + r[5] * t2),
    r[6],
    r[7],
    r[8],
    -(r[6] * t0 + r[7] * t1 + r[8] * t2),
    0,
    0,
    0,
    1,
  ];
}
