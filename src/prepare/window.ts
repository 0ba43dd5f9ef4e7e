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

/** Where in a {@link windowTable} 0 HU is. */
export const TABLE_ZERO = 32768;

/** Entries of a {@link windowTable}, one for every int16. */
const TABLE_SIZE = 65536;

/**
 * The grey value of every int16, as a table: entry `hu + TABLE_ZERO` belongs to `hu`.
 *
 * The value is `(hu - lower) / (upper - lower)` clipped to [0, 1], times 255, truncated; all in
 * double precision, so that no entry differs from the published pipeline's. Entries rise.
 *
 * @returns uint8, 65,536 entries
 * @throws PleuraError `invalid-option` when the window is not two finite, rising numbers.
 */
export function windowTable({ window = LUNG_WINDOW }: WindowOptions = {}): Uint8Array {
  const [lower, upper] = window;
  if (!Number.isFinite(lower) || !Number.isFinite(upper) || lower >= upper) {
    throw invalidOption("window", "two finite, rising numbers (HU)", window);
  }
  const table = new Uint8Array(TABLE_SIZE);
  const first = Math.max(Math.ceil(lower) + TABLE_ZERO, 0);
  const last = Math.min(Math.floor(upper) + TABLE_ZERO, TABLE_SIZE - 1);
  for (let i = first; i <= last; i++) table[i] = ((i - TABLE_ZERO - lower) / (upper - lower)) * 255;
  return table.fill(255, Math.max(last + 1, 0));
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
  for (let i = 0; i < hu.length; i++) out[i] = table[hu[i]! + TABLE_ZERO]!;
  return out;
}
