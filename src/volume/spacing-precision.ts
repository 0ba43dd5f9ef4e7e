import type { Triple } from "./volume.ts";

/**
 * Precision in which a scan's spacing counts: `single` as the published code keeps that of DICOM
 * series, `double` as it keeps that of LUNA16's images.
 */
export type SpacingPrecision = "single" | "double";

/** A spacing in the given precision. */
export function spacingIn(precision: SpacingPrecision, spacing: Triple): Triple {
  if (precision === "double") return spacing;
  return [Math.fround(spacing[0]), Math.fround(spacing[1]), Math.fround(spacing[2])];
}
