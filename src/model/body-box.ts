import { componentSizes, twoLargest } from "../ops/components.ts";
import { labelRuns } from "../ops/label.ts";
import { extractRuns } from "../ops/runs.ts";
import { zoom } from "../prepare/zoom.ts";
import { BitVolume } from "../volume/bit-volume.ts";

/** Rows and columns of a part of a slice, the last ones not included. */
export interface SliceBox {
  readonly low: readonly [y: number, x: number];
  readonly high: readonly [y: number, x: number];
}

/** The body is looked for on a grid of this many rows and columns. */
const GRID = 128;
/** Denser than this is body, HU. */
const BODY = -500;

/**
 * The bounding box of the body in one slice, as lungmask finds it before it crops: on a grid of 128 × 128 nearest
 * pixels, all above -500 HU, closed, filled, eroded twice; of that the largest part, dilated twice.
 *
 * @param hu - one slice, Hounsfield units, row by row
 * @returns the box; the whole slice where there is no body
 */
export function bodyBox(hu: Int16Array, height: number, width: number): SliceBox {
  const small = zoom(hu, [1, height, width], [1, GRID, GRID], 0);
  let body: Uint8Array = Uint8Array.from(small, (value) => (value > BODY ? 1 : 0));
  body = erode(dilate(body));
  fill(body);
  body = largest(erode(erode(body)));
  body = dilate(dilate(body));
  const back = zoom(body, [1, GRID, GRID], [1, height, width], 0);
  return firstBox(back, height, width) ?? { low: [0, 0], high: [height, width] };
}

/** Adds the four neighbours of each pixel. */
function dilate(from: Uint8Array): Uint8Array {
  const out = new Uint8Array(from.length);
  for (let y = 0, i = 0; y < GRID; y++) {
    for (let x = 0; x < GRID; x++, i++) {
      const near =
        from[i]! |
        (x > 0 ? from[i - 1]! : 0) |
        (x + 1 < GRID ? from[i + 1]! : 0) |
        (y > 0 ? from[i - GRID]! : 0) |
        (y + 1 < GRID ? from[i + GRID]! : 0);
      out[i] = near;
    }
  }
  return out;
}

/** Keeps pixels whose four neighbours are set; what lies outside of the grid is not. */
function erode(from: Uint8Array): Uint8Array {
  const out = new Uint8Array(from.length);
  for (let y = 1; y < GRID - 1; y++) {
    for (let x = 1, i = y * GRID + 1; x < GRID - 1; x++, i++) {
      out[i] = from[i]! & from[i - 1]! & from[i + 1]! & from[i - GRID]! & from[i + GRID]!;
    }
  }
  return out;
}

/** Sets all that the border does not reach over the background, also diagonally. */
function fill(body: Uint8Array): void {
  const outside = new Uint8Array(body.length);
  const open: number[] = [];
  const visit = (y: number, x: number): void => {
    if (y < 0 || x < 0 || y >= GRID || x >= GRID) return;
    const i = y * GRID + x;
    if (body[i] !== 0 || outside[i] !== 0) return;
    outside[i] = 1;
    open.push(i);
  };
  for (let k = 0; k < GRID; k++) {
    for (const end of [0, GRID - 1]) {
      visit(k, end);
      visit(end, k);
    }
  }
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    const [y, x] = [Math.floor(i / GRID), i % GRID];
    for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) visit(y + dy, x + dx);
  }
  for (let i = 0; i < body.length; i++) body[i] = 1 - outside[i]!;
}

/** The largest 4-connected part; nothing of nothing. */
function largest(body: Uint8Array): Uint8Array {
  const { runs, root } = labelRuns(extractRuns(BitVolume.fromBytes([1, GRID, GRID], body)), 6);
  const [most] = twoLargest(componentSizes({ runs, root }));
  const out = new Uint8Array(body.length);
  for (let y = 0; y < GRID; y++) {
    for (let i = runs.rowStart[y]!; i < runs.rowStart[y + 1]!; i++) {
      if (root[i] === most) out.fill(1, y * GRID + runs.start[i]!, y * GRID + runs.end[i]!);
    }
  }
  return out;
}

/** The box of the 8-connected part that comes first in scan order. */
function firstBox(body: Uint8Array, height: number, width: number): SliceBox | undefined {
  const { runs, root } = labelRuns(extractRuns(BitVolume.fromBytes([1, height, width], body)), 26);
  let box: { low: [number, number]; high: [number, number] } | undefined;
  for (let y = 0; y < height; y++) {
    for (let i = runs.rowStart[y]!; i < runs.rowStart[y + 1]!; i++) {
      if (root[i] !== 0) continue;
      const [start, end] = [runs.start[i]!, runs.end[i]!];
      box ??= { low: [y, start], high: [y + 1, end] };
      box.low[1] = Math.min(box.low[1], start);
      box.high = [y + 1, Math.max(box.high[1], end)];
    }
  }
  return box;
}
