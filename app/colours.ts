import { CLASSES, COLOURS, FIRST_COLOUR, type PixelClass } from "pleura/worker";
import type { Rgb } from "./viewer/paint.ts";

/** Right and left lung, and any other mask as class 1. */
export const LUNG_COLOURS: readonly (Rgb | undefined)[] = [undefined, [87, 184, 201], [232, 163, 92]];

/** Bones in 3-D. */
export const BONE_COLOUR: Rgb = [222, 214, 196];

/** What each class looks like in the walkthrough; the rules that remove have warm colours. */
const CLASS_COLOURS: Readonly<Partial<Record<PixelClass, Rgb>>> = {
  kept: [87, 184, 201],
  added: [150, 214, 100],
  "outside-disc": [96, 108, 122],
  "small-area": [240, 200, 60],
  elongated: [236, 122, 60],
  border: [214, 78, 90],
  volume: [236, 122, 60],
  distance: [190, 100, 210],
  cut: [130, 140, 150],
  first: [87, 184, 201],
  second: [232, 163, 92],
  "first-core": [28, 96, 190],
  "second-core": [196, 74, 38],
  "off-main": [214, 78, 90],
  hull: [150, 214, 100],
  dilated: [120, 120, 200],
  bone: [214, 78, 90],
  masked: [60, 68, 78],
};

/** Colours to tell regions apart: hues apart from their neighbours. */
const REGION_COLOURS: readonly Rgb[] = Array.from({ length: COLOURS }, (_, k) => hue((k * 5 * 360) / COLOURS));

/** Colour of every class by its number. */
export const PALETTE: readonly (Rgb | undefined)[] = Array.from({ length: FIRST_COLOUR + COLOURS }, (_, i) => {
  const name = CLASSES[i];
  return name === undefined ? REGION_COLOURS[i - FIRST_COLOUR] : CLASS_COLOURS[name];
});

/** Anchors of the colour scale of Hounsfield units, with the matter that lies there. */
export const SCALE: readonly (readonly [hu: number, colour: Rgb, name: string])[] = [
  [-1000, [10, 12, 20], "air"],
  [-800, [40, 78, 140], "lung"],
  [-400, [70, 150, 180], ""],
  [-100, [222, 190, 90], "fat"],
  [0, [120, 150, 90], "water"],
  [60, [196, 90, 80], "soft tissue"],
  [400, [236, 226, 210], "bone"],
  [1000, [255, 255, 255], ""],
];

/** Colour of a Hounsfield value on the scale. */
export function scaleColour(hu: number): Rgb {
  let k = 0;
  while (k < SCALE.length - 2 && hu > SCALE[k + 1]![0]) k++;
  const [low, from] = SCALE[k]!;
  const [high, to] = SCALE[k + 1]!;
  const share = Math.min(1, Math.max(0, (hu - low) / (high - low)));
  const mix = (c: 0 | 1 | 2): number => from[c] + (to[c] - from[c]) * share;
  return [mix(0), mix(1), mix(2)];
}

/** A colour as CSS writes it. */
export function css(colour: Rgb): string {
  return `rgb(${colour.map(Math.round).join(" ")})`;
}

function hue(degrees: number): Rgb {
  const channel = (n: number): number => {
    const k = (n + degrees / 30) % 12;
    return Math.round(255 * (0.62 - 0.3 * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
