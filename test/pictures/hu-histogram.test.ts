import { expect, test } from "vitest";
import { huHistogram } from "../../src/pictures/hu-histogram.ts";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Triple } from "../../src/volume/volume.ts";

const shape: Triple = [2, 1, 40];
const grid = { shape, spacing: [1, 1, 1] as const, affine: affineFromSpacing([1, 1, 1]) };
const voxels = new Int16Array(80).fill(-700);
voxels.set([-1050, -1026, -1025, -3000, 199, 200, 3000], 31);
const volume = { ...grid, voxels };

function maskOf(first: number, last: number): BitVolume {
  const mask = new BitVolume(shape);
  for (let i = first; i <= last; i++) mask.set(Math.floor(i / 40), 0, i % 40);
  return mask;
}

test("counts the mask's voxels by steps of 25 HU, the rest in the bins at the ends", () => {
  const { low, step, counts, mean } = huHistogram(volume, [maskOf(31, 37)]);
  expect([low, step, counts.length]).toEqual([-1050, 25, 50]);
  expect([counts[0], counts[1], counts[49]]).toEqual([3, 1, 3]);
  expect(counts.reduce((sum, n) => sum + n, 0)).toBe(7);
  expect(mean).toBeCloseTo((-1050 - 1026 - 1025 - 3000 + 199 + 200 + 3000) / 7, 9);
});

test("takes several masks together, across rows and words", () => {
  const { counts, mean } = huHistogram(volume, [maskOf(0, 30), maskOf(38, 79)]);
  expect(counts[14]).toBe(73);
  expect(mean).toBe(-700);
});

test("of nothing is empty; of another shape is refused", () => {
  expect(huHistogram(volume, [new BitVolume(shape)])).toMatchObject({ mean: 0, counts: Array(50).fill(0) });
  expect(() => huHistogram(volume, [new BitVolume([1, 1, 40])])).toThrow("masks");
});
