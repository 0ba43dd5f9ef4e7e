import { expect, test } from "vitest";
import { drawNodule, LABEL_COLOUR, NODULE_COLOUR } from "../../src/pictures/nodule-picture.ts";
import type { Colour, Picture } from "../../src/pictures/picture.ts";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import { type Triple, voxelCount } from "../../src/volume/volume.ts";

const SHAPE: Triple = [50, 60, 70];
const affine = affineFromSpacing([1, 1, 1]);

/** A clean of one grey with a white ball. */
function ball(centre: Triple, radius: number) {
  const voxels = new Uint8Array(voxelCount(SHAPE)).fill(60);
  for (let i = 0; i < voxels.length; i++) {
    const [z, y, x] = [Math.floor(i / (SHAPE[1] * SHAPE[2])), Math.floor(i / SHAPE[2]) % SHAPE[1], i % SHAPE[2]];
    if (Math.hypot(z - centre[0], y - centre[1], x - centre[2]) <= radius) voxels[i] = 255;
  }
  return { voxels, shape: SHAPE, spacing: [1, 1, 1] as const, affine };
}

/** First and last column and row of what has a colour, within a part of the picture. */
function extent({ width, height, rgb }: Picture, is: (colour: Colour) => boolean, from: number, to: number) {
  const found = { left: width, right: -1, top: height, bottom: -1 };
  for (let y = 0; y < height; y++) {
    for (let x = from; x < to; x++) {
      const at = (y * width + x) * 3;
      if (!is([rgb[at]!, rgb[at + 1]!, rgb[at + 2]!])) continue;
      found.left = Math.min(found.left, x);
      found.right = Math.max(found.right, x);
      found.top = Math.min(found.top, y);
      found.bottom = Math.max(found.bottom, y);
    }
  }
  return found;
}

const isColour = (wanted: Colour) => (colour: Colour) => colour.every((v, i) => v === wanted[i]);

test("the box lies around the nodule in all three planes", () => {
  const centre: Triple = [20, 35, 41];
  const picture = drawNodule(ball(centre, 6), { centre, diameter: 13 });
  const part = picture.width / 3;
  for (const plane of [0, 1, 2]) {
    const [from, to] = [Math.round(plane * part), Math.round((plane + 1) * part)];
    const box = extent(picture, isColour(NODULE_COLOUR), from, to);
    const white = extent(picture, ([r, g, b]) => r > 200 && g > 200 && b > 200, from, to);
    expect(white.right).toBeGreaterThan(white.left);
    for (const side of ["left", "top"] as const) expect(Math.abs(white[side] - box[side])).toBeLessThanOrEqual(4);
    for (const side of ["right", "bottom"] as const) expect(Math.abs(white[side] - box[side])).toBeLessThanOrEqual(4);
  }
});

test("another place in the label has a box of its own, on the side of the head at the top", () => {
  const centre: Triple = [20, 35, 41];
  const picture = drawNodule(ball(centre, 6), { centre, diameter: 13 }, { centre: [24, 35, 41], diameter: 13 });
  const part = Math.round(picture.width / 3);
  const coronal = (colour: Colour) => extent(picture, isColour(colour), part, 2 * part);
  expect(coronal(NODULE_COLOUR).top - coronal(LABEL_COLOUR).top).toBe(16);
});

test("what lies beyond clean is black", () => {
  const centre: Triple = [1, 1, 1];
  const picture = drawNodule(ball(centre, 3), { centre, diameter: 6 });
  expect([...picture.rgb.subarray((8 * picture.width + 8) * 3, (8 * picture.width + 8) * 3 + 3)]).toEqual([0, 0, 0]);
  const outside = drawNodule(ball(centre, 3), { centre: [400, 400, 400], diameter: 6 });
  expect(extent(outside, ([r, g, b]) => r === g && g === b && r > 0, 0, outside.width).right).toBe(-1);
});
