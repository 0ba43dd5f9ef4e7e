/** A part of a picture, in its pixels, the last ones included. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Skin and all that is denser is above it, air and the foam of a couch below. Hounsfield units. */
const TISSUE = -500;

/**
 * Where the body is in a slice: the box of its largest connected piece of tissue, so that a couch that
 * does not touch the body is outside.
 *
 * @returns `undefined` for a slice without tissue
 */
export function bodyBox({
  width,
  height,
  values,
}: {
  readonly width: number;
  readonly height: number;
  readonly values: Int16Array;
}): Box | undefined {
  const seen = new Uint8Array(values.length);
  const stack = new Int32Array(values.length);
  let largest = 0;
  let box: Box | undefined;
  for (let start = 0; start < values.length; start++) {
    if (seen[start] === 1 || values[start]! <= TISSUE) continue;
    let [left, right, top, bottom] = [width, -1, height, -1];
    let size = 0;
    let count = 0;
    const visit = (at: number): void => {
      if (seen[at] === 1 || values[at]! <= TISSUE) return;
      seen[at] = 1;
      stack[count++] = at;
    };
    visit(start);
    while (count > 0) {
      const at = stack[--count]!;
      size++;
      const column = at % width;
      const row = (at - column) / width;
      [left, right] = [Math.min(left, column), Math.max(right, column)];
      [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
      if (column > 0) visit(at - 1);
      if (column < width - 1) visit(at + 1);
      if (row > 0) visit(at - width);
      if (row < height - 1) visit(at + width);
    }
    if (size > largest) {
      largest = size;
      box = { left, top, right, bottom };
    }
  }
  return box;
}
