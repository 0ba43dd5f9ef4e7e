import { expect, test } from "vitest";
import type { PleuraError } from "../../src/errors.ts";
import { crop } from "../../src/prepare/crop.ts";
import { boxShape, cropBox } from "../../src/prepare/crop-box.ts";
import { resampledShape } from "../../src/prepare/resampled-grid.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import { type Triple, voxelCount } from "../../src/volume/volume.ts";
import { numbers, readGolden } from "../helpers/npz.ts";

const golden = readGolden("prepare/boxes");
const triples = (name: string): Triple[] => {
  const flat = numbers(golden(name));
  return Array.from({ length: flat.length / 3 }, (_, i) => flat.slice(3 * i, 3 * i + 3) as unknown as Triple);
};

test("grids and boxes equal numpy's", () => {
  const [shapes, spacings, first, last, grids] = ["shapes", "spacings", "first", "last", "grids"].map(triples);
  const boxes = numbers(golden("boxes"));
  let compared = 0;
  shapes!.forEach((shape, i) => {
    expect(resampledShape(shape, spacings![i]!, [1, 1, 1])).toEqual(grids![i]);
    if (voxelCount(shape) > 2e7) return;
    const mask = new BitVolume(shape);
    mask.set(...first![i]!);
    mask.set(...last![i]!);
    expect(cropBox(mask, spacings![i]!).flat()).toEqual(boxes.slice(6 * i, 6 * i + 6));
    compared++;
  });
  expect(compared).toBeGreaterThan(100);
});

test("margins and the grid are options", () => {
  const mask = new BitVolume([10, 20, 40]);
  mask.set(4, 8, 33);
  mask.set(5, 9, 35);
  expect(cropBox(mask, [2, 1, 1], { newSpacing: [1, 2, 1], margin: [1, 2] })).toEqual([
    [7, 12],
    [3, 6],
    [32, 37],
  ]);
});

test("an empty mask is an error that says so", () => {
  const error = catchError(() => cropBox(new BitVolume([2, 3, 40]), [1, 1, 1]));
  expect(error).toMatchObject({ code: "empty-mask", stage: "prepare", measured: "0 voxels" });
});

test("refuses margins that are no counts or leave nothing", () => {
  const mask = new BitVolume([2, 3, 40]);
  mask.set(0, 0, 0);
  expect(() => cropBox(mask, [1, 1, 1], { margin: [-1, 10] })).toThrow(/for margin/);
  expect(() => cropBox(mask, [1, 1, 1], { margin: [5, 0.5] })).toThrow(/for margin/);
  expect(() => cropBox(mask, [1, 1, 1], { margin: [0, 0] })).toThrow(/for margin/);
});

test("crop copies the voxels of a box", () => {
  const shape: Triple = [3, 4, 5];
  const voxels = Int16Array.from({ length: 60 }, (_, i) => i);
  const box = [
    [1, 3],
    [2, 3],
    [1, 4],
  ] as const;
  expect(boxShape(box)).toEqual([2, 1, 3]);
  expect([...crop(voxels, shape, box)]).toEqual([31, 32, 33, 51, 52, 53]);
  expect(() =>
    crop(voxels, shape, [
      [0, 4],
      [0, 1],
      [0, 1],
    ]),
  ).toThrow(/for box/);
});

function catchError(run: () => unknown): PleuraError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error as PleuraError;
  }
}
