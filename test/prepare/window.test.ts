import { expect, test } from "vitest";
import { applyWindow, windowTable } from "../../src/prepare/window.ts";
import { readGolden } from "../helpers/npz.ts";

const golden = readGolden("prepare/window");
const everyValue = Int16Array.from({ length: 65536 }, (_, i) => i - 32768);

test("equals numpy for every int16", () => {
  expect(applyWindow(everyValue)).toEqual(golden("lung").data);
});

test("equals numpy with another window", () => {
  expect(applyWindow(everyValue, { window: [-160, 240] })).toEqual(golden("mediastinum").data);
});

test("the table is indexed by the value's low 16 bits", () => {
  const table = windowTable();
  expect([table[-1200 & 0xffff], table[-300 & 0xffff], table[600]]).toEqual([0, 127, 255]);
});

const WRONG: readonly [number, number][] = [[600, -1200], [0, 0], [Number.NaN, 1], [0, Number.POSITIVE_INFINITY]];

test.each(WRONG)("refuses the window %d to %d", (lower, upper) => {
  expect(() => applyWindow(everyValue, { window: [lower, upper] })).toThrow(/for window/);
});
