import { expect, test } from "vitest";
import { applyWindow, TABLE_ZERO, windowTable } from "../../src/prepare/window.ts";
import { readGolden } from "../helpers/npz.ts";

const golden = readGolden("prepare/window");
const everyValue = Int16Array.from({ length: 65536 }, (_, i) => i - 32768);

test("equals numpy for every int16", () => {
  expect(applyWindow(everyValue)).toEqual(golden("lung").data);
});

test("equals numpy with another window", () => {
  expect(applyWindow(everyValue, { window: [-160, 240] })).toEqual(golden("mediastinum").data);
});

test("the table holds every int16 in order", () => {
  const table = windowTable();
  expect(table).toEqual(golden("lung").data);
  expect([-1200, -300, 600].map((hu) => table[TABLE_ZERO + hu])).toEqual([0, 127, 255]);
});

test.each([
  [-40000, 40000],
  [-50000, -40000],
  [40000, 50000],
  [-0.5, 0.25],
])("the window %d to %d", (lower, upper) => {
  const wanted = Array.from(everyValue, (hu) =>
    Math.floor(Math.min(Math.max((hu - lower) / (upper - lower), 0), 1) * 255),
  );
  expect([...windowTable({ window: [lower, upper] })]).toEqual(wanted);
});

const WRONG: readonly [number, number][] = [
  [600, -1200],
  [0, 0],
  [Number.NaN, 1],
  [0, Number.POSITIVE_INFINITY],
];

test.each(WRONG)("refuses the window %d to %d", (lower, upper) => {
  expect(() => applyWindow(everyValue, { window: [lower, upper] })).toThrow(/for window/);
});
