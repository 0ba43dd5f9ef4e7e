import { describe, expect, test } from "vitest";
import { exactDistance } from "../../src/ops/feature-transform.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Triple } from "../../src/volume/volume.ts";
import { readCases } from "../helpers/golden-cases.ts";

describe.each(readCases("distance"))("case $name", ({ shape, spacing, mask, voxels }) => {
  const target = mask("mask");
  const distances = voxels("distance");
  const everyVoxel = (distance: (at: Triple, expected: number) => number): number[] =>
    distances.map((expected, i) => {
      const z = Math.floor(i / (shape[1] * shape[2]));
      return distance([z, Math.floor(i / shape[2]) % shape[1], i % shape[2]], expected);
    });

  test("equals scipy to the last bit", () => {
    expect(everyVoxel((at) => exactDistance(target, at, shape, spacing))).toEqual(distances);
  });

  test("does so with no more of the volume than the distance asks for", () => {
    const near = everyVoxel((at, expected) => {
      const radius = spacing.map((s) => Math.ceil(expected / s) + 1) as unknown as Triple;
      return exactDistance(target, at, radius, spacing);
    });
    expect(near).toEqual(distances);
  });
});

test("nothing within the radius is infinitely far", () => {
  const mask = new BitVolume([3, 3, 40]);
  expect(exactDistance(mask, [1, 1, 1], [9, 9, 99], [1, 1, 1])).toBe(Infinity);
  mask.set(1, 1, 39);
  expect(exactDistance(mask, [1, 1, 1], [9, 9, 37], [1, 1, 1])).toBe(Infinity);
  expect(exactDistance(mask, [1, 1, 1], [9, 9, 38], [1, 1, 0.5])).toBe(19);
  expect(exactDistance(mask, [1, 1, 39], [0, 0, 0], [1, 1, 1])).toBe(0);
});
