import { describe, expect, test } from "vitest";
import type { LabelFigures } from "../../src/masks/label-image.ts";
import { checkLabels, parseLungLabels, recogniseLabels } from "../../src/masks/lung-labels.ts";

/** Labels and where they lie, mm to the left. */
const figures = (places: Record<number, number>): LabelFigures[] =>
  Object.entries(places).map(([value, left]) => ({ value: Number(value), voxels: 1000, left }));

describe("known label sets are told by their values and places", () => {
  test.each([
    ["right 1, left 2 (pleura, lungmask)", { 1: -80, 2: 75 }, [1], [2]],
    ["right 1, left 2 (pleura, lungmask)", { 1: -80, 2: 75, 3: 2 }, [1], [2]],
    ["LUNA16", { 3: 75, 4: -80, 5: 0 }, [4], [3]],
    ["LUNA16", { 3: -75, 4: 80, 5: 0 }, [3], [4]],
    ["LUNA16", { 3: -75, 4: 80 }, [3], [4]],
    ["lobes (lungmask LTRCLobes)", { 1: 80, 2: 70, 3: -80, 4: -85, 5: -75 }, [3, 4, 5], [1, 2]],
    ["lobes (lungmask LTRCLobes)", { 1: 80, 2: 70, 3: -80 }, [3, 4, 5], [1, 2]],
    [
      "TotalSegmentator 2",
      { 1: 60, 5: -50, 10: 80, 11: 75, 12: -80, 13: -85, 14: -75, 15: 0, 16: 0, 17: 0, 117: 0 },
      [12, 13, 14],
      [10, 11],
    ],
    [
      "TotalSegmentator 1",
      { 1: 60, 10: 5, 11: -20, 12: 20, 13: 80, 14: 75, 15: -80, 16: -85, 17: -75, 104: 0 },
      [15, 16, 17],
      [13, 14],
    ],
  ])("%s: %j", (set, places, right, left) => {
    expect(recogniseLabels(figures(places), "m")).toEqual({ set, labels: { right, left } });
  });

  test("one label is both lungs", () => {
    expect(recogniseLabels(figures({ 255: 3 }), "m").labels).toEqual({ both: [255] });
  });

  test.each([
    ["sides exchanged", { 1: 75, 2: -80 }, /155 mm to the left/],
    ["values of no set", { 7: -80, 300: 80 }, /labels 7, 300/],
  ])("%s are refused with what was found and the option that goes on", (_, places, measured) => {
    expect(() => recogniseLabels(figures(places), "m.nii")).toThrow(measured);
    expect(() => recogniseLabels(figures(places), "m.nii")).toThrow(/m\.nii.*--lung-labels/);
  });
});

describe("labels that the user names", () => {
  test.each([
    ["right=1,left=2", { right: [1], left: [2] }],
    [" right = 3 + 4+5 , LEFT=1+2 ", { right: [3, 4, 5], left: [1, 2] }],
    ["both=7", { both: [7] }],
    ["left=2", { right: [], left: [2] }],
  ])("%s", (text, labels) => {
    expect(parseLungLabels(text)).toEqual(labels);
  });

  test.each(["", "right=1,left=1", "right=0", "right=1,right=2", "right=a", "both=1,left=2", "1,2", "right=40000"])(
    "%j is refused",
    (text) => {
      expect(() => parseLungLabels(text)).toThrow(/lung-labels/);
    },
  );

  test("must occur in the mask, and lie on their side", () => {
    const labels = { right: [1], left: [2] };
    expect(checkLabels(figures({ 1: -80, 2: 80, 9: 0 }), labels, "m").labels).toBe(labels);
    expect(() => checkLabels(figures({ 3: -80, 4: 80 }), labels, "m")).toThrow(/labels 3, 4; limit: 1, 2/);
    expect(() => checkLabels(figures({ 1: 80, 2: -80 }), labels, "m")).toThrow(/160 mm to the left/);
    expect(checkLabels(figures({ 2: 80 }), labels, "m").labels).toBe(labels);
  });
});
