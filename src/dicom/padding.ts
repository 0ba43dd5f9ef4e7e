/** What the outside of the field of view is given when its own value would pass for tissue, HU. */
const AIR = -1024;
/** A padding value below this already reads as air or less, HU. */
const LIKE_AIR = -900;

/**
 * Whether a padding value would pass for tissue: the published code takes it as it is, and an
 * image that pads with 0 HU then lies in water.
 */
export function passesForTissue(paddingHu: number): boolean {
  return paddingHu >= LIKE_AIR;
}

/**
 * Turns padding into air, in place: every pixel of that value which hangs together with the
 * border of the slice. Inside the body the same value is tissue and stays.
 *
 * @param slice - int16 Hounsfield units (rows × columns)
 * @param paddingHu - the padding value in Hounsfield units
 * @returns how many pixels were changed
 */
export function clearPadding(slice: Int16Array, rows: number, columns: number, paddingHu: number): number {
  const pending: number[] = [];
  let cleared = 0;
  const take = (i: number): void => {
    if (slice[i] !== paddingHu) return;
    slice[i] = AIR;
    cleared++;
    pending.push(i);
  };
  for (let x = 0; x < columns; x++) {
    take(x);
    take((rows - 1) * columns + x);
  }
  for (let y = 0; y < rows; y++) {
    take(y * columns);
    take(y * columns + columns - 1);
  }
  for (let i = pending.pop(); i !== undefined; i = pending.pop()) {
    const x = i % columns;
    if (x > 0) take(i - 1);
    if (x < columns - 1) take(i + 1);
    if (i >= columns) take(i - columns);
    if (i < slice.length - columns) take(i + columns);
  }
  return cleared;
}
