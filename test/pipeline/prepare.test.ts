import { expect, test } from "vitest";
import type { Lungs } from "../../src/lungs/types.ts";
import { prepare } from "../../src/pipeline/prepare.ts";
import { cleanToPatient } from "../../src/prepare/clean-geometry.ts";
import type { SplineOrder } from "../../src/prepare/spline-weights.ts";
import { affineFromSteps, indexToPatient } from "../../src/volume/affine.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Triple, Volume } from "../../src/volume/volume.ts";
import { expectClose } from "../helpers/close.ts";
import { numbers, readGolden } from "../helpers/npz.ts";

const golden = readGolden("prepare/clean");
const shape = golden("hu").shape as unknown as Triple;
const spacing = numbers(golden("spacing")) as unknown as Triple;
const mask = (name: string) => BitVolume.fromBytes(shape, numbers(golden(name)));
const volume: Volume<Int16Array> = {
  voxels: golden("hu").data as Int16Array,
  shape,
  spacing,
  affine: affineFromSteps([10, 20, -30], [0, 0, -spacing[0]], [0, spacing[1], 0], [-spacing[2], 0, 0]),
};
const lungs: Lungs = { lung1: mask("lung1"), lung2: mask("lung2"), separated: true, cut: 0, bodies: 1, erosions: 1 };
const hull = { iterations: 4 };

const GRIDS = [
  ["", [1, 1, 1]],
  [".coarse", [2, 1.5, 1]],
] as const;

test.each(GRIDS)("equals numpy, scipy and scikit-image on grid%s %j", (name, newSpacing) => {
  for (const order of [1, 3] satisfies SplineOrder[]) {
    const { clean, geometry } = prepare(volume, lungs, { hull, order, newSpacing });
    expect(clean.shape).toEqual(golden(`clean${name}.${order}`).shape);
    expect(clean.voxels).toEqual(golden(`clean${name}.${order}`).data);
    expect(geometry.box.flat()).toEqual(numbers(golden(`box${name}`)));
    expect([...clean.spacing]).toEqual(numbers(golden(`true${name}`)));
  }
});

test("linear on a 1 mm grid unless told otherwise", () => {
  expect(prepare(volume, lungs, { hull }).clean.voxels).toEqual(golden("clean.1").data);
});

test("gives the dilated lungs as it goes and in the end", () => {
  const seen: [string, BitVolume][] = [];
  const { dilated1, dilated2 } = prepare(volume, lungs, { hull, onStage: (name, stage) => seen.push([name, stage]) });
  expect(dilated1.equals(mask("dilated1"))).toBe(true);
  expect(dilated2.equals(mask("dilated2"))).toBe(true);
  expect(seen.map(([name]) => name)).toEqual(["dilated1", "dilated2"]);
  expect(seen[0]![1]).toBe(dilated1);
  expect(seen[1]![1]).toBe(dilated2);
});

test("the label is four zeros; affine and geometry lead to the same points", () => {
  const { clean, label, geometry } = prepare(volume, lungs, { hull });
  expect(label).toEqual(new BigInt64Array(4));
  for (const index of [
    [0, 0, 0],
    [3, 5, 7],
  ] as const) {
    expectClose(indexToPatient(clean.affine, index), cleanToPatient(geometry, index));
  }
});

test("no lungs are an error with the measured value", () => {
  const none = new BitVolume(shape);
  expect(() => prepare(volume, { ...lungs, lung1: none, lung2: none })).toThrow(/no lungs.*measured: 0 voxels/);
});

test("refuses masks of another volume and options out of range", () => {
  expect(() => prepare(volume, { ...lungs, lung2: new BitVolume([1, 2, 3]) })).toThrow(/for lung2/);
  expect(() => prepare(volume, lungs, { order: 9 as SplineOrder })).toThrow(/for order/);
  expect(() => prepare(volume, lungs, { hull, padValue: 1.5 })).toThrow(/for padValue/);
  expect(() => prepare({ ...volume, voxels: volume.voxels.subarray(1) }, lungs)).toThrow(/for voxels/);
});
