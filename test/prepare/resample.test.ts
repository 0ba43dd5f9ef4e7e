import { describe, expect, test } from "vitest";
import { resample } from "../../src/prepare/resample.ts";
import type { SplineOrder } from "../../src/prepare/spline-weights.ts";
import type { Triple, VoxelArray } from "../../src/volume/volume.ts";
import { numbers, readGolden } from "../helpers/npz.ts";

const golden = readGolden("prepare/zoom");
const ORDERS: readonly SplineOrder[] = [0, 1, 2, 3, 4, 5];

function run(name: string, order: SplineOrder) {
  const { data, shape } = golden(`in.${name}`);
  const spacing = numbers(golden(`spacing.${name}`)) as unknown as Triple;
  return resample({ voxels: data as VoxelArray, shape }, spacing, [1, 1, 1], { order });
}

const INTEGERS = ["down", "up", "tie", "tie16", "flat", "single", "thin", "same", "signed", "byte", "word", "long"];

describe.each(INTEGERS)("integers: %s", (name) => {
  test.each(ORDERS)("equals scipy at order %i", (order) => {
    const wanted = golden(`out.${name}.${order}`);
    const got = run(name, order);
    expect(got.shape).toEqual(wanted.shape);
    expect(got.voxels).toEqual(wanted.data);
    expect([...got.spacing]).toEqual(numbers(golden(`true.${name}`)));
  });
});

const FLOATS = [
  ["double", 1e-12],
  ["double_long", 1e-12],
  ["single_precision", 1e-6],
] as const;

describe.each(FLOATS)("floats: %s", (name, tolerance) => {
  test.each(ORDERS)("agrees with scipy at order %i", (order) => {
    const wanted = numbers(golden(`out.${name}.${order}`));
    const got = run(name, order);
    expect(got.voxels.constructor).toBe(golden(`in.${name}`).data.constructor);
    expect(got.voxels.length).toBe(wanted.length);
    const worst = wanted.reduce((far, value, i) => Math.max(far, Math.abs(value - got.voxels[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(tolerance);
  });
});

test("channels are resampled one by one, to any spacing, at order 2 unless told otherwise", () => {
  const channels = readGolden("prepare/channels");
  const { data, shape } = channels("image");
  const [spacing, newSpacing] = ["spacing", "new_spacing"].map((n) => numbers(channels(n)) as unknown as Triple);
  const got = resample({ voxels: data as Int16Array, shape }, spacing!, newSpacing);
  expect(got.shape).toEqual(channels("out").shape);
  expect(got.voxels).toEqual(channels("out").data);
  expect([...got.spacing]).toEqual(numbers(channels("true_spacing")));
});

test("refuses what it cannot resample", () => {
  const image = { voxels: new Uint8Array(8), shape: [2, 2, 2] };
  expect(() => resample({ voxels: new Uint8Array(4), shape: [2, 2] }, [1, 1, 1])).toThrow(/for shape/);
  expect(() => resample({ voxels: new Uint8Array(7), shape: [2, 2, 2] }, [1, 1, 1])).toThrow(/for voxels/);
  expect(() => resample(image, [1, 1, 1], [1, 1, 1], { order: 6 as SplineOrder })).toThrow(/for order/);
  expect(() => resample(image, [1, 0, 1])).toThrow(/for spacing/);
  expect(() => resample(image, [1, 1, 1], [1, 1, -1])).toThrow(/for newSpacing/);
  expect(() => resample(image, [1, 1, 0.2])).toThrow(/axis 2/);
});
