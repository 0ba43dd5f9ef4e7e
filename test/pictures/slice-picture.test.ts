import { decode } from "fast-png";
import { describe, expect, test } from "vitest";
import { encodePng } from "../../src/pictures/encode-png.ts";
import { blankPicture, cropPicture, montage, type Picture } from "../../src/pictures/picture.ts";
import { drawSlice } from "../../src/pictures/slice-picture.ts";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Triple } from "../../src/volume/volume.ts";

const shape: Triple = [2, 3, 4];
const unit = { shape, spacing: [1, 1, 1] as const, affine: affineFromSpacing([1, 1, 1]) };
const volume = { ...unit, voxels: Uint8Array.from({ length: 24 }, (_, i) => i * 10) };
const plain = { window: [0, 255] as const, index: 1 };

const greys = ({ rgb }: Picture) => Array.from({ length: rgb.length / 3 }, (_, i) => rgb[i * 3]);
const pixel = ({ rgb, width }: Picture, x: number, y: number) => [
  ...rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

describe("drawSlice", () => {
  test("axial: rows to the back, columns to the left", () => {
    const picture = drawSlice(volume, { ...plain, plane: "axial" });
    expect([picture.width, picture.height]).toEqual([4, 3]);
    expect(greys(picture)).toEqual([...volume.voxels.subarray(12)]);
  });

  test("coronal: the head is at the top", () => {
    const picture = drawSlice(volume, { ...plain, plane: "coronal" });
    expect([picture.width, picture.height]).toEqual([4, 2]);
    expect(greys(picture)).toEqual([160, 170, 180, 190, 40, 50, 60, 70]);
  });

  test("sagittal: the head is at the top, the front on the left", () => {
    const picture = drawSlice(volume, { ...plain, plane: "sagittal" });
    expect([picture.width, picture.height]).toEqual([3, 2]);
    expect(greys(picture)).toEqual([130, 170, 210, 10, 50, 90]);
  });

  test("pixels are square: spacing decides the size, values lie between their neighbours", () => {
    const picture = drawSlice({ ...volume, spacing: [2, 1, 1] }, { ...plain, plane: "coronal" });
    expect([picture.width, picture.height]).toEqual([4, 4]);
    expect(greys(picture).filter((_, i) => i % 4 === 0)).toEqual([160, 130, 70, 40]);
    expect(drawSlice(volume, { ...plain, plane: "axial", millimetres: 0.5 })).toMatchObject({ width: 8, height: 6 });
  });

  test("the window's ends are black and white, and so is what lies beyond", () => {
    const picture = drawSlice(volume, { plane: "axial", index: 1, window: [140, 200] });
    expect(greys(picture)).toEqual([0, 0, 0, 43, 85, 128, 170, 213, 255, 255, 255, 255]);
  });

  test("a mask is tinted inside and outlined in its colour", () => {
    const size: Triple = [1, 5, 5];
    const mask = BitVolume.fromBytes(
      size,
      Uint8Array.from({ length: 25 }, (_, i) => Number(i % 5 > 0 && i > 4)),
    );
    const dark = { ...unit, shape: size, voxels: new Int16Array(25).fill(-2000) };
    const picture = drawSlice(dark, {
      plane: "axial",
      index: 0,
      overlays: [{ mask, colour: [200, 100, 40], fill: 0.5 }],
    });
    expect(pixel(picture, 0, 2)).toEqual([0, 0, 0]);
    expect(pixel(picture, 1, 2)).toEqual([200, 100, 40]);
    expect(pixel(picture, 2, 3)).toEqual([100, 50, 20]);
    expect(pixel(picture, 4, 3)).toEqual([200, 100, 40]);
  });

  test("refuses a slice that does not exist and a mask of another shape", () => {
    expect(() => drawSlice(volume, { plane: "coronal", index: 3 })).toThrow("0 to 2 for index but received 3");
    const overlays = [{ mask: new BitVolume([2, 3, 5]), colour: [1, 2, 3] as const }];
    expect(() => drawSlice(volume, { plane: "axial", index: 0, overlays })).toThrow("shape 2,3,4");
  });
});

describe("montage", () => {
  test("puts pictures into the middle of their cells", () => {
    const grid = montage(
      [
        [blankPicture(2, 2, [9, 9, 9]), undefined],
        [blankPicture(4, 1, [7, 7, 7]), blankPicture(1, 3, [5, 5, 5])],
      ],
      { gap: 1, background: [1, 2, 3] },
    );
    expect([grid.width, grid.height]).toEqual([1 + 4 + 1 + 1 + 1, 1 + 2 + 1 + 3 + 1]);
    expect(pixel(grid, 0, 0)).toEqual([1, 2, 3]);
    expect(pixel(grid, 2, 1)).toEqual([9, 9, 9]);
    expect(pixel(grid, 1, 1)).toEqual([1, 2, 3]);
    expect(pixel(grid, 1, 5)).toEqual([7, 7, 7]);
    expect(pixel(grid, 6, 4)).toEqual([5, 5, 5]);
  });

  test("refuses to lay out nothing", () => expect(() => montage([])).toThrow("at least one picture"));
});

test("cropPicture takes the pixels of a rectangle that lies within", () => {
  const picture = drawSlice(volume, { ...plain, plane: "axial" });
  expect(greys(cropPicture(picture, { left: 1, top: 1, width: 2, height: 2 }))).toEqual([170, 180, 210, 220]);
  expect(() => cropPicture(picture, { left: 1, top: 1, width: 4, height: 1 })).toThrow("a part of 4 × 3");
});

test("encodePng keeps every pixel", () => {
  const picture = blankPicture(20, 20);
  for (let i = 0; i < picture.rgb.length; i++) picture.rgb[i] = (i * i) >> 3;
  const decoded = decode(encodePng(picture));
  expect([decoded.width, decoded.height, decoded.channels, decoded.depth]).toEqual([20, 20, 3, 8]);
  expect([...decoded.data]).toEqual([...picture.rgb]);
});
