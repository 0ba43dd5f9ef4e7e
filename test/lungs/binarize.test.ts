import { describe, expect, test } from "vitest";
import { type BinarizeOptions, binarizePerSlice } from "../../src/lungs/binarize.ts";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import type { Volume } from "../../src/volume/volume.ts";
import { expectMask } from "../helpers/expect-mask.ts";
import { readCases } from "../helpers/golden-cases.ts";
import { testBothWays } from "../helpers/ways.ts";

describe.each(readCases("binarize"))("$name", ({ shape, spacing, mask, voxels, values }) => {
  const volume: Volume = { voxels: Int16Array.from(voxels("hu")), shape, spacing, affine: affineFromSpacing(spacing) };
  const [threshold, sigma, cornerSize] = values("rules") as [number, number, number];
  const rules = { threshold, sigma, cornerSize };

  testBothWays("the smoothed threshold equals scipy", () => {
    expectMask(binarizePerSlice(volume, { ...rules, minArea: 0, maxEccentricity: 2 }), mask("dark"));
  });

  testBothWays("the regions kept equal scikit-image", () => {
    expectMask(binarizePerSlice(volume, rules), mask("kept"));
  });
});

const scan = (hu: Int16Array, side: number): Volume => ({
  voxels: hu,
  shape: [1, side, side],
  spacing: [1, 1, 1],
  affine: affineFromSpacing([1, 1, 1]),
});

test("takes the published rules unless told otherwise, and leaves the scan alone", () => {
  const hu = new Int16Array(32 * 32).fill(40);
  for (let y = 5; y < 20; y++) hu.fill(-900, y * 32 + 8, y * 32 + 20);
  hu[0] = 41;
  const before = hu.slice();
  const published = { threshold: -600, sigma: 1, minArea: 30, maxEccentricity: 0.99, cornerSize: 10 };
  const mask = binarizePerSlice(scan(hu, 32));
  expect(mask.count()).toBeGreaterThan(100);
  expectMask(mask, binarizePerSlice(scan(hu, 32), published));
  expect(hu).toEqual(before);
});

test("limits of area and eccentricity are exclusive", () => {
  const hu = new Int16Array(20 * 20).fill(40);
  for (let y = 5; y < 9; y++) hu.fill(-900, y * 20 + 5, y * 20 + 11);
  const count = (options: BinarizeOptions) => binarizePerSlice(scan(hu, 20), { sigma: 0.25, ...options }).count();
  expect(count({ minArea: 24 })).toBe(0);
  expect(count({ minArea: 23.9 })).toBe(24);
  const eccentricity = Math.sqrt(1 - 15 / 35);
  expect(count({ minArea: 1, maxEccentricity: eccentricity - 1e-9 })).toBe(0);
  expect(count({ minArea: 1, maxEccentricity: eccentricity + 1e-9 })).toBe(24);
});

test("a single pixel is round, a straight line is not", () => {
  const hu = new Int16Array(20 * 20).fill(40);
  hu[5 * 20 + 5] = -2000;
  hu.fill(-2000, 10 * 20 + 3, 10 * 20 + 9);
  const mask = binarizePerSlice(scan(hu, 20), { sigma: 0.25, minArea: 0 });
  expect(mask.count()).toBe(1);
  expect(mask.get(0, 5, 5)).toBe(true);
});

test.each([
  [{ threshold: Number.NaN }, /a number from -32000 to 32000 \(HU\) for threshold/],
  [{ threshold: Infinity }, /for threshold/],
  [{ sigma: 0 }, /a number from 0.25 to 15 \(pixels\) for sigma but received 0/],
  [{ sigma: 15.1 }, /for sigma/],
  [{ sigma: Number.NaN }, /for sigma/],
  [{ cornerSize: 0 }, /an integer of at least 1 \(pixels\) for cornerSize/],
  [{ cornerSize: 1.5 }, /for cornerSize/],
])("refuses %j", (options, message) => {
  expect(() => binarizePerSlice(scan(new Int16Array(16), 4), options)).toThrow(message);
});

test("refuses a volume whose parts do not fit", () => {
  expect(() => binarizePerSlice(scan(new Int16Array(15), 4))).toThrow(/for voxels/);
});
