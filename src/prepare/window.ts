import { invalidOption } from "../errors.ts";

/** Lower and upper end of an intensity window, Hounsfield units. */
export type IntensityWindow = readonly [lower: number, upper: number];

/** From denser than air to denser than soft tissue: the window of the published pipeline (`lumTrans`). */
export const LUNG_WINDOW: IntensityWindow = [-1200, 600];

/** Options of {@link applyWindow} and {@link windowTable}. */
export interface WindowOptions {
  /** Values that become 0 and 255, Hounsfield units. Default {@link LUNG_WINDOW}. */
  readonly window?: IntensityWindow;
}

/**
 * The grey value of every int16, as a table: entry `hu & 0xffff` belongs to `hu`.
 *
 * The value is `(hu - lower) / (upper - lower)` clipped to [0, 1], times 255, truncated; all in
 * double precision, so that no entry differs from the published pipeline's.
 *
 * @returns uint8, 65,536 entries
 * @throws PleuraError `invalid-option` when the window is not two finite, rising numbers.
 */
export function windowTable({ window = LUNG_WINDOW }: WindowOptions = {}): Uint8Array {
  const [lower, upper] = window;
  if (!Number.isFinite(lower) || !Number.isFinite(upper) || lower >= upper) {
    throw invalidOption("window", "two finite, rising numbers (HU)", window);
  }
  const table = new Uint8Array(65536);
  for (let hu = -32768; hu < 32768; hu++) {
    const t = (hu - lower) / (upper - lower);
    table[hu & 0xffff] = Math.min(Math.max(t, 0), 1) * 255;
  }
  return table;
}

/**
 * Maps Hounsfield units to grey values, {@link windowTable} says how.
 *
 * @param hu - int16, any shape, Hounsfield units
 * @returns uint8, same length
 * @throws PleuraError `invalid-option` when the window is not two finite, rising numbers.
 * @example
 * applyWindow(Int16Array.of(-2000, -1200, -300, 600)); // Uint8Array [0, 0, 127, 255]
 */
export function applyWindow(hu: Int16Array, options: WindowOptions = {}): Uint8Array {
  const table = windowTable(options);
  const out = new Uint8Array(hu.length);
  for (let i = 0; i < hu.length; i++) out[i] = table[hu[i]! & 0xffff]!;
  return out;
}
