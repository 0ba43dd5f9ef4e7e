import { type Affine, composeAffine, indexToPatient, type Point, patientToIndex } from "../volume/affine.ts";
import type { SpacingPrecision } from "../volume/spacing-precision.ts";
import type { Triple } from "../volume/volume.ts";
import { boxShape, type CropBox } from "./crop-box.ts";
import { resampledShape, resampledSpacing } from "./resampled-grid.ts";
import { axisStep } from "./sample-axis.ts";

/**
 * How the voxels of a scan became those of `clean`; plain data, to be kept as JSON. Everything is
 * `[z, y, x]`, millimetres, and patient coordinates are DICOM's LPS.
 */
export interface CleanGeometry {
  /** The scan. */
  readonly original: { readonly shape: Triple; readonly spacing: Triple; readonly affine: Affine };
  /** The whole scan on the new grid, of which clean is a part; `spacing` is the extent over the shape. */
  readonly resampled: { readonly shape: Triple; readonly spacing: Triple };
  /** Scan voxels for one step on the new grid; resampling aligns end voxels, so not the ratio of the spacings. */
  readonly step: Triple;
  /** The part of the new grid that was kept. */
  readonly box: CropBox;
  /** Shape of clean. */
  readonly shape: Triple;
  /** Index of clean → LPS millimetres: crop, resampling and the scan's affine in one. */
  readonly affine: Affine;
}

/**
 * Writes down how clean lies in the scan.
 *
 * @param scan - shape, spacing and affine of the scan
 * @param newSpacing - spacing of the new grid, mm
 * @param box - the part of the new grid that is kept
 * @param precision - in which the scan's spacing counts; default `single`
 * @throws PleuraError `invalid-option` when a spacing is not positive.
 */
export function cleanGeometry(
  scan: CleanGeometry["original"],
  newSpacing: Triple,
  box: CropBox,
  precision: SpacingPrecision = "single",
): CleanGeometry {
  const { shape, spacing, affine } = scan;
  const grid = resampledShape(shape, spacing, newSpacing, precision);
  const step: Triple = [axisStep(shape[0], grid[0]), axisStep(shape[1], grid[1]), axisStep(shape[2], grid[2])];
  const toScan: Affine = [
    step[0],
    0,
    0,
    box[0][0] * step[0],
    0,
    step[1],
    0,
    box[1][0] * step[1],
    0,
    0,
    step[2],
    box[2][0] * step[2],
    0,
    0,
    0,
    1,
  ];
  return {
    original: { shape, spacing, affine },
    resampled: { shape: grid, spacing: resampledSpacing(shape, spacing, grid, precision) },
    step,
    box,
    shape: boxShape(box),
    affine: composeAffine(toScan, affine),
  };
}

/** Leads an index of clean `[z, y, x]` (may be fractional) to the scan's index. */
export function cleanToScan({ step, box }: CleanGeometry, [z, y, x]: Triple): Triple {
  return [(box[0][0] + z) * step[0], (box[1][0] + y) * step[1], (box[2][0] + x) * step[2]];
}

/**
 * Leads an index of the scan `[z, y, x]` (may be fractional) to clean's index; outside the box
 * too. Along an axis where the scan has one voxel and clean many, all alike, it leads to the first.
 */
export function scanToClean({ step, box }: CleanGeometry, index: Triple): Triple {
  const back = (axis: 0 | 1 | 2) => (step[axis] === 0 ? 0 : index[axis] / step[axis] - box[axis][0]);
  return [back(0), back(1), back(2)];
}

/** Leads an index of clean `[z, y, x]` (may be fractional) to patient coordinates, LPS millimetres. */
export function cleanToPatient(geometry: CleanGeometry, index: Triple): Point {
  return indexToPatient(geometry.original.affine, cleanToScan(geometry, index));
}

/**
 * Leads a point in patient coordinates (LPS, mm) to a fractional index of clean; outside the box
 * too.
 *
 * @throws PleuraError `invalid-option` when the scan's affine has no inverse.
 */
export function patientToClean(geometry: CleanGeometry, point: Point): Triple {
  return scanToClean(geometry, patientToIndex(geometry.original.affine, point));
}
