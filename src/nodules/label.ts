import { PleuraError } from "../errors.ts";
import type { CleanGeometry } from "../prepare/clean-geometry.ts";
import { indexToPatient, type Point, patientToIndex } from "../volume/affine.ts";
import { type SpacingPrecision, spacingIn } from "../volume/spacing-precision.ts";
import type { StoredGrid } from "../volume/stored-grid.ts";
import type { Triple } from "../volume/volume.ts";
import type { Annotation } from "./annotation.ts";

/** The grid that nodules are placed on, and what became of it. */
export interface LabelGrid {
  /** How clean lies in the scan. */
  readonly geometry: CleanGeometry;
  /** The scan's grid as it lies in its files. */
  readonly stored: StoredGrid;
  /** Spacing of clean's grid, mm, as it was asked for. */
  readonly newSpacing: Triple;
  /** In which precision the scan's spacing counts. */
  readonly precision: SpacingPrecision;
}

/** Where a nodule lies. */
export interface NodulePosition {
  /** LPS, mm. */
  readonly patient: Point;
  /** Index of the scan `[z, y, x]`, fractional. */
  readonly scan: Triple;
  /** Millimetres; `undefined` where it is not known. */
  readonly diameter: number | undefined;
}

/** z, y, x and diameter in voxels of clean, as the published code writes them. */
export type LabelRow = readonly [z: number, y: number, x: number, diameter: number];

/**
 * Finds where an annotated nodule lies.
 *
 * @param file - of the annotations, for messages
 * @throws PleuraError `bad-annotation` for a position in voxels of slices that were interpolated
 */
export function positionOf(
  { at, diameter }: Annotation,
  { geometry, stored }: LabelGrid,
  file: string,
): NodulePosition {
  const { affine, spacing } = geometry.original;
  if ("patient" in at) return { patient: at.patient, scan: patientToIndex(affine, at.patient), diameter };
  if (!stored.even) {
    throw new PleuraError("bad-annotation", "Positions in voxels do not count slices that were interpolated", {
      stage: "nodules",
      file,
      measured: "slices at uneven distances",
      hint: "Give positions in millimetres",
    });
  }
  const patient = indexToPatient(stored.affine, at.voxel);
  const isSame = stored.affine.every((value, i) => value === affine[i]);
  return {
    patient,
    scan: isSame ? at.voxel : patientToIndex(affine, patient),
    diameter: diameter === undefined ? undefined : diameter * spacing[1],
  };
}

/**
 * A nodule's row of the label as the published code writes it: index × spacing less the box's start,
 * although resampling aligns end voxels, so that it drifts by up to (old − new) spacing at the far
 * end. The exact position is `scanToClean`'s.
 *
 * For an image that was turned as LUNA16's are, the index is that of the published code too: the
 * distance from the image's origin over the spacing and, where y and x were reversed, the shape less
 * it, which is one voxel more than the exact index. An unknown diameter is written as 0.
 *
 * Source: https://github.com/lfz/DSB2017, training/prepare.py.
 */
export function publishedLabel(annotation: Annotation, position: NodulePosition, grid: LabelGrid): LabelRow {
  const { geometry, stored, newSpacing, precision } = grid;
  const { box, original } = geometry;
  const spacing = spacingIn(precision, original.spacing);
  const index =
    stored.reversed === undefined
      ? position.scan
      : lunaIndex(position.patient, stored, spacing, original.shape, stored.reversed);
  const pixels =
    "voxel" in annotation.at
      ? (annotation.diameter ?? 0)
      : position.diameter === undefined
        ? 0
        : position.diameter / spacing[1];
  const along = (axis: 0 | 1 | 2) => (index[axis] * spacing[axis]) / newSpacing[axis] - box[axis][0];
  return [along(0), along(1), along(2), (pixels * spacing[1]) / newSpacing[1]];
}

function lunaIndex(
  [left, posterior, superior]: Point,
  { affine }: StoredGrid,
  spacing: Triple,
  shape: Triple,
  reversed: boolean,
): Triple {
  const z = Math.abs(superior - affine[11]) / spacing[0];
  const y = Math.abs(posterior - affine[7]) / spacing[1];
  const x = Math.abs(left - affine[3]) / spacing[2];
  return reversed ? [z, shape[1] - y, shape[2] - x] : [z, y, x];
}

/**
 * What the published label's index is off the exact one, voxels of the scan: 0, or 1 along y and x
 * where these were reversed.
 *
 * @returns `undefined` where the two are not off by a constant: an image that lies unlike LUNA16's
 */
export function labelOffset(stored: StoredGrid): Triple | undefined {
  if (stored.reversed === undefined) return [0, 0, 0];
  const { affine } = stored;
  const isAlong = [affine[2], affine[5], affine[8]];
  const others = [affine[0], affine[1], affine[4], affine[6], affine[9], affine[10]];
  if (others.some((value) => Math.abs(value) > 1e-6 * Math.abs(affine[8]))) return undefined;
  const signs = isAlong.map(Math.sign);
  const usual = stored.reversed ? [-1, -1, 1] : [1, 1, 1];
  if (!signs.every((sign, i) => sign === usual[i])) return undefined;
  return stored.reversed ? [0, 1, 1] : [0, 0, 0];
}

/** Leads a row of the published label back to the scan's index. */
export function labelToScan(
  [z, y, x]: Triple,
  { box, original }: CleanGeometry,
  newSpacing: Triple,
  precision: SpacingPrecision,
  offset: Triple,
): Triple {
  const spacing = spacingIn(precision, original.spacing);
  const along = (axis: 0 | 1 | 2, at: number) =>
    ((at + box[axis][0]) * newSpacing[axis]) / spacing[axis] - offset[axis];
  return [along(0, z), along(1, y), along(2, x)];
}
