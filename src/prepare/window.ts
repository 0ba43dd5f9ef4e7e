import { type OptionsOf, type OptionTable, withDefaults } from "../options.ts";

/** Lower and upper end of an intensity window, Hounsfield units. */
export type IntensityWindow = readonly [lower: number, upper: number];

/** From denser than air to denser than soft tissue: the window of the published pipeline (`lumTrans`). */
export const LUNG_WINDOW: IntensityWindow = [-1200, 600];

/** What {@link applyWindow} and {@link windowTable} can be told; the default is the published one. */
export const WINDOW_OPTIONS = {
  /** Values that become 0 and 255, Hounsfield units. Default {@link LUNG_WINDOW}. */
  window: {
    default: LUNG_WINDOW,
    unit: "HU",
    least: -1e5,
    most: 1e5,
    ascending: "strictly",
    label: ["Black at", "White at"],
    by: 50,
  },
} as const satisfies OptionTable;

/** Options of {@link applyWindow} and {@link windowTable}. */
export type WindowOptions = OptionsOf<typeof WINDOW_OPTIONS>;

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
 * @throws PleuraError `invalid-option` when the window is not two finite, ascending numbers.
 */
export function windowTable(options: WindowOptions = {}): Uint8Array {
  const { window } = withDefaults(WINDOW_OPTIONS, options);
  const [lower, upper] = window;
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
 * @throws PleuraError `invalid-option` when the window is not two finite, ascending numbers.
 * @example
 * applyWindow(Int16Array.of(-2000, -1200, -300, 600)); // Uint8Array [0, 0, 127, 255]
 */
export function applyWindow(hu: Int16Array, options: WindowOptions = {}): Uint8Array {
  const table = windowTable(options);
  const out = new Uint8Array(hu.length);
  for (let i = 0; i < hu.length; i++) out[i] = table[hu[i]! + TABLE_ZERO]!;
  return out;
}
