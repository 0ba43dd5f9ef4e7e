import { invalidOption } from "../errors.ts";
import type { Triple } from "../volume/volume.ts";

/** What a phantom may be asked for; everything has a default. */
export interface PhantomOptions {
  /** Pixels along both sides of a slice, or `[rows, columns]`. Default 256. */
  readonly size?: number | readonly [rows: number, columns: number];
  /** Number of slices. Default 100. */
  readonly slices?: number;
  /** `[z, y, x]`, mm. Default: what shows the whole chest, 320 mm high and 358.4 mm wide. */
  readonly spacing?: Triple;
  /** Integer; another seed gives other vessels, nodules and noise. Default 1. */
  readonly seed?: number;
  /** False gives the abdomen below: a scan without lungs. Default true. */
  readonly lungs?: boolean;
  /** Number of nodules, 0 to 50. Default 5. */
  readonly nodules?: number;
}

/** Options with every default filled in. */
export interface ResolvedOptions {
  readonly shape: Triple;
  readonly spacing: Triple;
  readonly seed: number;
  readonly lungs: boolean;
  readonly nodules: number;
}

/** Height and width that show the whole chest of the standard patient, mm. */
export const FULL_HEIGHT = 320;
export const FULL_WIDTH = 358.4;
/** Below these the standard patient would have to shrink to a size that no chest has, mm. */
const LEAST_HEIGHT = 120;
const LEAST_WIDTH = 250;
const LONGEST_SIDE = 4096;

/**
 * Checks options and fills in the defaults.
 *
 * @throws PleuraError `invalid-option` naming the option and its range
 */
export function resolveOptions(options: PhantomOptions): ResolvedOptions {
  const { size = 256, slices = 100, seed = 1, lungs = true, nodules = 5 } = options;
  const [rows, columns] = typeof size === "number" ? [size, size] : size;
  for (const side of [rows, columns]) checkInteger("size", side, 32, LONGEST_SIDE);
  checkInteger("slices", slices, 2, LONGEST_SIDE);
  checkInteger("seed", seed, -(2 ** 31), 2 ** 31 - 1);
  checkInteger("nodules", nodules, 0, 50);
  const inPlane = toMicrometre(FULL_WIDTH / Math.min(rows, columns));
  const spacing = options.spacing ?? ([toMicrometre(FULL_HEIGHT / slices), inPlane, inPlane] as const);
  if (!spacing.every((s) => Number.isFinite(s) && s > 0)) {
    throw invalidOption("spacing", "three positive numbers (mm)", spacing);
  }
  const width = Math.min(rows * spacing[1], columns * spacing[2]);
  const height = slices * spacing[0];
  if (width < LEAST_WIDTH) throw invalidOption("size × spacing", `at least ${LEAST_WIDTH} mm`, `${width} mm`);
  if (height < LEAST_HEIGHT) throw invalidOption("slices × spacing", `at least ${LEAST_HEIGHT} mm`, `${height} mm`);
  return { shape: [slices, rows, columns], spacing, seed, lungs, nodules };
}

function checkInteger(name: string, value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high)) {
    throw invalidOption(name, `an integer from ${low} to ${high}`, value);
  }
}

function toMicrometre(mm: number): number {
  return Math.round(mm * 1000) / 1000;
}
