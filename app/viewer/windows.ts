/** Values that become black and white, Hounsfield units. */
export type Window = readonly [low: number, high: number];

/** Windows as radiologists use them. */
export const WINDOWS: Readonly<Record<string, Window>> = {
  Lung: [-1350, 150],
  Mediastinum: [-160, 240],
  Bone: [-500, 1300],
  "Pipeline's own": [-1200, 600],
  Everything: [-1024, 3071],
};

/** Below this width a picture is black and white only. */
const NARROWEST = 1;
const WIDEST = 16_000;
const HIGHEST = 8_000;

/** Middle of a window, Hounsfield units. */
export function levelOf([low, high]: Window): number {
  return (low + high) / 2;
}

/** Width of a window, Hounsfield units. */
export function widthOf([low, high]: Window): number {
  return high - low;
}

/** The window of a level and a width, which are brought into the range that makes sense. */
export function windowOf(level: number, width: number): Window {
  const half = Math.min(WIDEST, Math.max(NARROWEST, width)) / 2;
  const middle = Math.min(HIGHEST, Math.max(-HIGHEST, level));
  return [middle - half, middle + half];
}

/** Name of a window, or `undefined` for one that is none of {@link WINDOWS}. */
export function windowName([low, high]: Window): string | undefined {
  return Object.keys(WINDOWS).find((name) => WINDOWS[name]![0] === low && WINDOWS[name]![1] === high);
}
