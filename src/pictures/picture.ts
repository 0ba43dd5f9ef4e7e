import { invalidOption } from "../errors.ts";

/** A colour: red, green, blue, each 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** An image on a screen. */
export interface Picture {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Three bytes a pixel (red, green, blue), rows from the top. */
  readonly rgb: Uint8Array;
}

/** A picture of one colour. */
export function blankPicture(width: number, height: number, colour: Colour = [0, 0, 0]): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < rgb.length; i++) rgb[i] = colour[i % 3]!;
  return { width, height, rgb };
}

/** A rectangle of a picture's pixels. */
export interface Rectangle {
  /** First column. */
  readonly left: number;
  /** First row. */
  readonly top: number;
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/**
 * Cuts a rectangle out of a picture.
 *
 * @throws PleuraError `invalid-option` when it does not lie within the picture
 */
export function cropPicture(picture: Picture, { left, top, width, height }: Rectangle): Picture {
  const right = left + width;
  const bottom = top + height;
  if (!(left >= 0 && top >= 0 && width > 0 && height > 0 && right <= picture.width && bottom <= picture.height)) {
    throw invalidOption("rectangle", `a part of ${picture.width} × ${picture.height}`, [left, top, right, bottom]);
  }
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * 3;
    rgb.set(picture.rgb.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, rgb };
}

/**
 * Lays pictures out in a grid, each in the middle of its cell. Columns are as wide and rows as
 * high as their largest picture.
 *
 * @param rows - pictures, row by row; `undefined` leaves a cell empty
 * @param options - how much room to leave, and in which colour
 * @throws PleuraError `invalid-option` when there is no picture at all
 */
export function montage(
  rows: readonly (readonly (Picture | undefined)[])[],
  options: {
    /** Pixels between cells and around the grid. Default 4. */
    readonly gap?: number;
    /** Colour of what no picture covers. Default black. */
    readonly background?: Colour;
  } = {},
): Picture {
  const { gap = 4, background = [0, 0, 0] } = options;
  const columns = Math.max(0, ...rows.map((row) => row.length));
  if (columns === 0) throw invalidOption("rows", "at least one picture", "none");
  const widths = Array.from({ length: columns }, (_, c) => Math.max(...rows.map((row) => row[c]?.width ?? 0)));
  const heights = rows.map((row) => Math.max(...row.map((picture) => picture?.height ?? 0)));
  const sum = (lengths: readonly number[]) => lengths.reduce((total, n) => total + n + gap, gap);
  const out = blankPicture(sum(widths), sum(heights), background);
  for (const [r, row] of rows.entries()) {
    for (const [c, picture] of row.entries()) {
      if (picture === undefined) continue;
      const left = sum(widths.slice(0, c)) + ((widths[c]! - picture.width) >> 1);
      const top = sum(heights.slice(0, r)) + ((heights[r]! - picture.height) >> 1);
      paste(out, picture, left, top);
    }
  }
  return out;
}

function paste(into: Picture, picture: Picture, left: number, top: number): void {
  const bytes = picture.width * 3;
  for (let y = 0; y < picture.height; y++) {
    into.rgb.set(picture.rgb.subarray(y * bytes, (y + 1) * bytes), ((top + y) * into.width + left) * 3);
  }
}
