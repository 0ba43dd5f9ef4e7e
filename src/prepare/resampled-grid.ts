import { invalidOption } from "../errors.ts";
import type { OptionTable } from "../options.ts";
import { type SpacingPrecision, spacingIn } from "../volume/spacing-precision.ts";
import type { Triple } from "../volume/volume.ts";

/** One millimetre along every axis: the grid of the published pipeline. */
export const MILLIMETRE_GRID: Triple = [1, 1, 1];

/** What the new grid can be told to be; the defaults are the published ones. */
export const GRID_OPTIONS = {
  /** Spacing of the new grid, mm. Default 1 mm along every axis. */
  newSpacing: {
    default: MILLIMETRE_GRID,
    unit: "mm",
    above: 0,
    label: ["Spacing z", "Spacing y", "Spacing x"],
    by: 0.25,
  },
  /** In which precision the scan's spacing counts. Default `single`. */
  precision: { default: "single", choices: ["single", "double"] },
} as const satisfies OptionTable;

/**
 * Shape of a volume after resampling: the extent over the new spacing, rounded half to even.
 *
 * @param spacing - mm
 * @param newSpacing - mm
 * @param precision - of the old spacing; default `single`
 * @throws PleuraError `invalid-option` when a spacing is not positive or an axis would vanish.
 */
export function resampledShape(
  shape: Triple,
  spacing: Triple,
  newSpacing: Triple,
  precision: SpacingPrecision = "single",
): Triple {
  const old = spacingIn(precision, spacing);
  return map3((axis) => {
    const from = old[axis];
    const to = newSpacing[axis];
    if (!(from > 0 && Number.isFinite(from))) throw invalidOption("spacing", "three positive numbers (mm)", spacing);
    if (!(to > 0 && Number.isFinite(to))) throw invalidOption("newSpacing", "three positive numbers (mm)", newSpacing);
    const extent = shape[axis] * from;
    const n = roundHalfEven(extent / to);
    if (n < 1) throw invalidOption("newSpacing", `less than twice the extent of axis ${axis} (${extent} mm)`, to);
    return n;
  });
}

/**
 * The published code's "true spacing": the whole extent over the new shape, mm. Where rounding
 * changed the extent it is a little off the new spacing.
 */
export function resampledSpacing(
  shape: Triple,
  spacing: Triple,
  newShape: Triple,
  precision: SpacingPrecision = "single",
): Triple {
  const old = spacingIn(precision, spacing);
  return map3((axis) => (old[axis] * shape[axis]) / newShape[axis]);
}

function map3(f: (axis: 0 | 1 | 2) => number): Triple {
  return [f(0), f(1), f(2)];
}

function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  if (rest !== 0.5) return rest < 0.5 ? down : down + 1;
  return down % 2 === 0 ? down : down + 1;
}
