import type { Window } from "./windows.ts";

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** What is painted over the grey values: a colour for each class, `undefined` for none. */
export interface Overlay {
  readonly classes: Uint8Array;
  readonly colours: readonly (Rgb | undefined)[];
  /** How much of the colour covers the inside, 0 to 1; outlines are twice as strong. */
  readonly opacity: number;
}

/** Turns a slice's values into a picture of one pixel a value. */
export function paintSlice(
  slice: { readonly width: number; readonly height: number; readonly values: Int16Array | Uint8Array },
  [low, high]: Window,
  overlay?: Overlay,
  scale?: (value: number) => Rgb,
): ImageData {
  const { width, height, values } = slice;
  const image = new ImageData(width, height);
  const { data } = image;
  if (scale === undefined) paintGrey(new Uint32Array(data.buffer), values, low, high);
  else for (let i = 0; i < values.length; i++) data.set([...scale(values[i]!), 255], 4 * i);
  if (overlay !== undefined) blend(data, width, overlay);
  return image;
}

/** Whole pixels at a time, opaque: little endian, as every platform with a browser is. */
function paintGrey(pixels: Uint32Array, values: Int16Array | Uint8Array, low: number, high: number): void {
  const factor = 255 / (high - low);
  for (let i = 0; i < values.length; i++) {
    const grey = Math.max(0, Math.min(255, Math.round((values[i]! - low) * factor)));
    pixels[i] = 0xff000000 | (grey * 0x010101);
  }
}

function blend(data: Uint8ClampedArray, width: number, { classes, colours, opacity }: Overlay): void {
  if (opacity === 0) return;
  for (let i = 0; i < classes.length; i++) {
    const own = classes[i]!;
    const colour = colours[own];
    if (colour === undefined) continue;
    const inner =
      classes[i - 1] === own && classes[i + 1] === own && classes[i - width] === own && classes[i + width] === own;
    const share = inner ? opacity : Math.min(1, 2 * opacity);
    for (let c = 0; c < 3; c++) data[4 * i + c]! += (colour[c]! - data[4 * i + c]!) * share;
  }
}
