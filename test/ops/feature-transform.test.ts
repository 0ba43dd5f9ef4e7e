import { describe, expect, test } from "vitest";
import { FeatureTransform } from "../../src/ops/feature-transform.ts";
import { extractRuns } from "../../src/ops/runs.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Triple } from "../../src/volume/volume.ts";
import { readCases } from "../helpers/golden-cases.ts";

/** The whole volume is within reach. */
const FAR = [1000, 1000] as const;

describe.each(readCases("distance"))("case $name", ({ shape, spacing, mask, voxels }) => {
  const [nz, ny, nx] = shape;
  const transform = new FeatureTransform(mask("mask"), spacing);
  const expected = voxels("distance");

  test("equals scipy to the last bit", () => {
    const all = extractRuns(BitVolume.fromBytes(shape, new Uint8Array(nz * ny * nx).fill(1)));
    for (let z = 0; z < nz; z++) {
      const distances = new Float64Array(ny * nx);
      transform.distances(z, all, FAR, distances);
      expect(Array.from(distances)).toEqual(expected.slice(z * ny * nx, (z + 1) * ny * nx));
    }
  });

  test("does so with no more of the volume than the distance asks for", () => {
    const near = expected.map((distance, i) => {
      const at = [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx] as const;
      return distanceAt(transform, shape, at, [Math.ceil(distance / spacing[1]), Math.ceil(distance / spacing[2])]);
    });
    expect(near).toEqual(expected);
  });
});

test("leaves out sites beyond its reach, and columns beyond are infinitely far", () => {
  const mask = new BitVolume([70, 3, 40]);
  const distance = (at: Triple, reach: readonly [number, number], spacing: Triple = [1, 1, 0.5]) =>
    distanceAt(new FeatureTransform(mask, spacing), mask.shape, at, reach);
  expect(distance([1, 1, 1], FAR)).toBe(Infinity);
  mask.set(1, 1, 39);
  expect(distance([1, 1, 1], [9, 37])).toBe(Infinity);
  expect(distance([1, 1, 1], [9, 38])).toBe(19);
  expect(distance([1, 1, 39], [0, 0])).toBe(0);
  // Planes more than a word of bits away, to both sides.
  expect(distance([69, 1, 39], [0, 0])).toBe(68);
  mask.set(68, 1, 39);
  expect(distance([69, 1, 39], [0, 0], [2.5, 1, 1])).toBe(2.5);
  expect(distance([34, 1, 39], [0, 0])).toBe(33);
  expect(distance([36, 1, 39], [0, 0])).toBe(32);
  expect(distance([0, 1, 38], [0, 1])).toBe(Math.sqrt(1.25));
});

function distanceAt(transform: FeatureTransform, shape: Triple, at: Triple, reach: readonly [number, number]): number {
  const voxel = new BitVolume(shape);
  voxel.set(...at);
  const distances = new Float64Array(shape[1] * shape[2]).fill(Number.NaN);
  transform.distances(at[0], extractRuns(voxel), reach, distances);
  return distances[at[1] * shape[2] + at[2]]!;
}
