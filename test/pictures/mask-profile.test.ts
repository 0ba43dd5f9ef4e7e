import { expect, test } from "vitest";
import { fullestSlices, maskProfile } from "../../src/pictures/mask-profile.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";

const mask = new BitVolume([4, 5, 70]);
for (const [z, y, x] of [
  [1, 2, 3],
  [1, 2, 65],
  [1, 4, 65],
  [3, 2, 65],
] as const)
  mask.set(z, y, x);

test("maskProfile counts along every axis", () => {
  const [z, y, x] = maskProfile([mask]);
  expect([...z]).toEqual([0, 3, 0, 1]);
  expect([...y]).toEqual([0, 0, 3, 0, 1]);
  expect(x).toHaveLength(70);
  expect([x[3], x[65], x.reduce((a, b) => a + b, 0)]).toEqual([1, 3, 4]);
  expect([...maskProfile([mask, mask])[0]]).toEqual([0, 6, 0, 2]);
});

test("maskProfile refuses nothing, and masks of different shapes", () => {
  expect(() => maskProfile([])).toThrow("at least one mask");
  expect(() => maskProfile([mask, new BitVolume([4, 5, 71])])).toThrow("shape 4,5,70");
});

test("fullestSlices finds where masks have most voxels, or the middle", () => {
  expect(fullestSlices(maskProfile([mask]))).toEqual([1, 2, 65]);
  expect(fullestSlices(maskProfile([new BitVolume([4, 5, 70])]))).toEqual([2, 2, 35]);
});
