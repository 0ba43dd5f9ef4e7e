import { invalidOption } from "../errors.ts";
import type { Colour, Picture } from "./picture.ts";

/** A picture of few colours: its pixels as places in a list of them. */
export interface IndexedPicture {
  readonly palette: Colour[];
  /** One byte a pixel, rows from the top. */
  readonly indices: Uint8Array;
}

/** The picture by its colours, when there are at most 256; nothing is lost. */
export function indexColours({ rgb }: Picture): IndexedPicture | undefined {
  const places = new Map<number, number>();
  const indices = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < indices.length; i++) {
    const colour = packed(rgb, i);
    let place = places.get(colour);
    if (place === undefined) {
      if (places.size === 256) return undefined;
      place = places.size;
      places.set(colour, place);
    }
    indices[i] = place;
  }
  return { palette: Array.from(places.keys(), (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]), indices };
}

/**
 * Brings a picture down to few colours, by median cut: the colours are divided at the median of
 * their widest channel until there are enough groups, and each becomes the mean of its group.
 *
 * Source: P. Heckbert, Color image quantization for frame buffer display, SIGGRAPH 1982,
 * https://doi.org/10.1145/965145.801294.
 *
 * @param most - colours that may remain, 1 to 256
 * @throws PleuraError `invalid-option`
 */
export function reduceColours(picture: Picture, most = 256): Picture {
  if (!(Number.isInteger(most) && most >= 1 && most <= 256)) {
    throw invalidOption("colours", "an integer from 1 to 256", most);
  }
  const counts = new Map<number, number>();
  const pixels = picture.rgb.length / 3;
  for (let i = 0; i < pixels; i++) {
    const colour = packed(picture.rgb, i);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  if (counts.size <= most) return picture;
  const groups = [groupOf([...counts])];
  while (groups.length < most) {
    const widest = groups.reduce((best, group, i) => (group.weight > groups[best]!.weight ? i : best), 0);
    if (groups[widest]!.weight === 0) break;
    groups.splice(widest, 1, ...divided(groups[widest]!));
  }
  const meanOf = new Map<number, Colour>();
  for (const { colours } of groups) {
    const mean = meanColour(colours);
    for (const [colour] of colours) meanOf.set(colour, mean);
  }
  const rgb = new Uint8Array(picture.rgb.length);
  for (let i = 0; i < pixels; i++) rgb.set(meanOf.get(packed(picture.rgb, i))!, i * 3);
  return { ...picture, rgb };
}

/** A colour in one number, and how many pixels have it. */
type Counted = readonly [colour: number, pixels: number];

interface Group {
  readonly colours: Counted[];
  /** Bits to shift a packed colour by to have the channel in which the group is widest. */
  readonly shift: number;
  /** Width of that channel times the group's pixels: what is gained by dividing it. */
  readonly weight: number;
}

function groupOf(colours: Counted[]): Group {
  const pixels = colours.reduce((sum, [, count]) => sum + count, 0);
  let best = { shift: 0, width: -1 };
  for (const shift of [16, 8, 0]) {
    let low = 255;
    let high = 0;
    for (const [colour] of colours) {
      const value = (colour >> shift) & 255;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high - low > best.width) best = { shift, width: high - low };
  }
  return { colours, shift: best.shift, weight: best.width * pixels };
}

function divided({ colours, shift }: Group): [Group, Group] {
  colours.sort(([a], [b]) => ((a >> shift) & 255) - ((b >> shift) & 255));
  const half = colours.reduce((sum, [, count]) => sum + count, 0) / 2;
  let sum = 0;
  let at = 0;
  while (at < colours.length - 1 && (at === 0 || sum + colours[at]![1] <= half)) sum += colours[at++]![1];
  return [groupOf(colours.slice(0, at)), groupOf(colours.slice(at))];
}

function meanColour(colours: readonly Counted[]): Colour {
  const pixels = colours.reduce((sum, [, count]) => sum + count, 0);
  const mean = (shift: number) =>
    Math.round(colours.reduce((sum, [colour, count]) => sum + ((colour >> shift) & 255) * count, 0) / pixels);
  return [mean(16), mean(8), mean(0)];
}

function packed(rgb: Uint8Array, pixel: number): number {
  return (rgb[pixel * 3]! << 16) | (rgb[pixel * 3 + 1]! << 8) | rgb[pixel * 3 + 2]!;
}
