import { describe, expect, test } from "vitest";
import { chooseStack, coverage } from "../../src/dicom/choose-stack.ts";
import type { Instance, Orientation } from "../../src/dicom/instance.ts";
import { groupStacks, median } from "../../src/dicom/stack.ts";
import { evenly, instance, slicesAt } from "../helpers/instance.ts";

const turned = (by: number): Orientation => [1, by, 0, 0, 1, 0];
const lengths = (instances: readonly Instance[]) => groupStacks(instances).map((stack) => stack.instances.length);

describe("what lies in one stack", () => {
  test.each<[what: string, same: Partial<Instance>, other: Partial<Instance>]>([
    ["pixel spacing", { pixelSpacing: [0.70009, 0.7] }, { pixelSpacing: [0.70011, 0.7] }],
    ["its second value", { pixelSpacing: [0.7, 0.69991] }, { pixelSpacing: [0.7, 0.69989] }],
    ["direction", { orientation: turned(0.0009) }, { orientation: turned(0.0011) }],
    ["rows", { rows: 4 }, { rows: 5 }],
    ["columns", { columns: 5 }, { columns: 4 }],
    ["series", { seriesNumber: 2 }, { seriesUid: "1.2.4" }],
    ["type", { imageType: ["ORIGINAL", "PRIMARY", "AXIAL", "OF THE MAKER"] }, { imageType: ["ORIGINAL", "PRIMARY"] }],
  ])("%s", (_, same, other) => {
    const first = instance();
    expect(lengths([first, instance({ position: [0, 0, 1], ...same })])).toEqual([2]);
    expect(lengths([first, instance({ position: [0, 0, 1], ...other })])).toEqual([1, 1]);
  });

  test("what is missing in one and not in another tells them apart", () => {
    const bare = instance({ pixelSpacing: undefined });
    expect(lengths([bare, bare])).toEqual([2]);
    expect(lengths([bare, instance()])).toEqual([1, 1]);
    expect(lengths([instance(), bare])).toEqual([1, 1]);
  });

  test("what the images are is told by their type", () => {
    const [scout, derived, original] = groupStacks([
      instance({ imageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"] }),
      instance({ imageType: ["DERIVED", "PRIMARY", "AXIAL"] }),
      instance(),
    ]);
    expect(scout).toMatchObject({ localizer: true, derived: false });
    expect(derived).toMatchObject({ localizer: false, derived: true });
    expect(original).toMatchObject({ localizer: false, derived: false });
  });
});

describe("acquisitions of one series", () => {
  const parts = (first: readonly number[], second: readonly number[]) =>
    lengths([...slicesAt(first, { acquisition: 1 }), ...slicesAt(second, { acquisition: 2 })]);

  test("one above the other are one stack, whatever their order", () => {
    expect(parts(evenly(10, 2), evenly(10, 2, 20))).toEqual([20]);
    expect(parts(evenly(10, 2, 20), evenly(10, 2))).toEqual([20]);
  });
  test("one above the other with a gap are one stack: the gap is told, not hidden", () => {
    expect(parts(evenly(3, 2), evenly(3, 2, 100))).toEqual([6]);
  });
  test("with a slice in common at their border are one stack", () => {
    expect(parts(evenly(10, 2), evenly(10, 2, 18))).toEqual([20]);
    expect(parts(evenly(10, 2), evenly(10, 2, 17.995))).toEqual([20]);
  });
  test("that overlap by more are two", () => {
    expect(parts(evenly(10, 2), evenly(10, 2, 17.5))).toEqual([10, 10]);
    expect(parts(evenly(10, 2), evenly(10, 2))).toEqual([10, 10]);
  });
  test("interleaved evenly are one stack", () => {
    expect(parts(evenly(10, 2), evenly(10, 2, 1))).toEqual([20]);
  });
  test("interleaved unevenly are two; one odd step of ten is still even", () => {
    expect(parts(evenly(10, 2), evenly(10, 2, 0.5))).toEqual([10, 10]);
    // Eleven slices, ten steps: the last is off by more than a tenth.
    const odd = [...evenly(10, 2), 20.3];
    expect(parts(odd.slice(0, 10), [odd[10]!, 11])).toEqual([10, 2]);
    expect(parts([0, 2, 6, 8, 12, 14, 18, 20.3], [4, 10, 16])).toEqual([11]);
    expect(parts([0, 2, 6, 8, 12, 14.3, 18, 20.3], [4, 10, 16])).toEqual([8, 3]);
  });
  test("slices without a position are of one stack", () => {
    expect(parts([], [])).toEqual([]);
    const bare = { position: undefined, sliceLocation: undefined };
    expect(lengths([instance({ ...bare, acquisition: 1 }), instance({ ...bare, acquisition: 2 })])).toEqual([2]);
  });
});

describe("which stack is the scan", () => {
  const stack = (count: number, step: number, given: Partial<Instance>) =>
    groupStacks(slicesAt(evenly(count, step), given))[0]!;
  const chosen = (...stacks: ReturnType<typeof stack>[]) =>
    chooseStack(
      stacks.flatMap((one) => groupStacks(one.instances)),
      undefined,
    )!.stack.seriesUid;
  const a = { seriesUid: "a", seriesNumber: 1 };
  const b = { seriesUid: "b", seriesNumber: 2 };

  test("an original one, if it covers at least half of the longest", () => {
    const derived = { ...a, imageType: ["DERIVED", "PRIMARY", "AXIAL"] };
    expect(chosen(stack(101, 1, derived), stack(51, 1, b))).toBe("b");
    expect(chosen(stack(101, 1, derived), stack(50, 1, b))).toBe("a");
  });
  test("the thinnest slices, if it covers at least 95 % of the longest", () => {
    expect(chosen(stack(101, 2, a), stack(191, 1, b))).toBe("b");
    expect(chosen(stack(101, 2, a), stack(190, 1, b))).toBe("a");
  });
  test("slices whose thickness differs by a hundredth of a millimetre are as thin", () => {
    expect(chosen(stack(101, 1.009, a), stack(101, 1, b))).toBe("a");
    expect(chosen(stack(101, 1.011, a), stack(101, 1, b))).toBe("b");
  });
  test("the first by series number, then by acquisition, then by UID", () => {
    expect(chosen(stack(20, 1, { ...a, seriesNumber: 3 }), stack(20, 1, b))).toBe("b");
    expect(
      chosen(stack(20, 1, { ...a, seriesNumber: 2, acquisition: 2 }), stack(20, 1, { ...b, acquisition: 1 })),
    ).toBe("b");
    expect(chosen(stack(20, 1, { ...b, seriesNumber: 1 }), stack(20, 1, a))).toBe("a");
  });
  test("what it covers is told by distinct positions", () => {
    expect(coverage(stack(5, 2, a))).toBe(8);
    expect(coverage(stack(1, 2, a))).toBe(0);
    expect(coverage(groupStacks(slicesAt([0, 0.005, 3]))[0]!)).toBe(3);
  });
});

test("the median of an even number is the upper of two", () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 3, 0]);
});
