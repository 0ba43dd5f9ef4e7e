import { encode } from "fast-png";
import { indexColours } from "./palette.ts";
import type { Picture } from "./picture.ts";

/** The picture as a PNG file: 8 bits a channel, or a list of colours when there are at most 256. */
export function encodePng(picture: Picture): Uint8Array {
  const { width, height, rgb } = picture;
  const indexed = indexColours(picture);
  const content =
    indexed === undefined
      ? { data: rgb, channels: 3 }
      : { data: indexed.indices, channels: 1, palette: indexed.palette.map((colour) => [...colour]) };
  return encode({ width, height, depth: 8, ...content }, { zlib: { level: 6 } });
}
