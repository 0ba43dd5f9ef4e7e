import { describe, expect, test } from "vitest";
import { detectionsOfArray, detectionToPatient, mostDrift, parseDetections } from "../../src/nodules/detections.ts";
import { cleanGeometry, cleanToPatient } from "../../src/prepare/clean-geometry.ts";
import { affineFromSteps } from "../../src/volume/affine.ts";

const geometry = cleanGeometry(
  {
    shape: [40, 60, 60],
    spacing: [2.5, 0.7, 0.7],
    affine: affineFromSteps([-20, -30, 5], [0, 0, 2.5], [0, 0.7, 0], [0.7, 0, 0]),
  },
  [1, 1, 1],
  [
    [3, 90],
    [2, 40],
    [4, 40],
  ],
);
const GRID = { geometry, newSpacing: [1, 1, 1] as const, precision: "single" as const, offset: [0, 0, 0] as const };

describe("a table of detections", () => {
  test("has five columns in order, or a header that names them", () => {
    const expected = new Map([
      ["a", [{ at: [1, 2, 3], probability: 0.5 }]],
      ["b", [{ at: [4, 5, 6], probability: 0.25 }]],
    ]);
    expect(parseDetections("a,1,2,3,0.5\nb,4,5,6,.25\n", "d.csv")).toEqual(expected);
    expect(parseDetections("probability,x,y,z,Case\n0.5,3,2,1,a\n0.25,6,5,4,b\n", "d.csv")).toEqual(expected);
  });

  test("is refused with the numbers of its broken lines", () => {
    const text = "case,z,y,x,probability\na,1,2,3,0.5\na,1,2,x,0.5\n,1,2,3,0.5\na,1,2,3\na,1,NaN,3,0.5\n";
    expect(() => parseDetections(text, "d.csv")).toThrow(/d\.csv.*line 3, line 4, line 5, line 6/);
  });
});

test("an array has rows of probability, z, y, x and diameter", () => {
  const data = Float32Array.of(0.5, 1, 2, 3, 9, 0.25, 4, 5, 6, 9);
  expect(detectionsOfArray({ dtype: "float32", shape: [2, 5], data }, "a.npy")).toEqual([
    { at: [1, 2, 3], probability: 0.5 },
    { at: [4, 5, 6], probability: 0.25 },
  ]);
  expect(detectionsOfArray({ dtype: "float32", shape: [0, 5], data: new Float32Array(0) }, "a.npy")).toEqual([]);
  expect(() => detectionsOfArray({ dtype: "float32", shape: [5, 2], data }, "a.npy")).toThrow(/a\.npy.*5 × 2/);
});

describe("positions", () => {
  const detection = { at: [70, 20, 10] as const, probability: 1 };

  test("in clean lie where clean's geometry says", () => {
    expect(detectionToPatient(detection, GRID, "clean")).toEqual(cleanToPatient(geometry, [70, 20, 10]));
  });

  test("of the label are index × spacing less the box's start", () => {
    const [left, back, up] = detectionToPatient(detection, GRID, "label");
    expect(up).toBeCloseTo(5 + 73, 5);
    expect(back).toBeCloseTo(-30 + 22, 5);
    expect(left).toBeCloseTo(-20 + 14, 5);
  });

  test("differ by the published drift, most at the far end", () => {
    const most = mostDrift(GRID);
    const [far, same] = (["label", "clean"] as const).map((kind) =>
      detectionToPatient({ at: [86, 37, 35], probability: 1 }, GRID, kind),
    );
    expect(most).toBeCloseTo(Math.hypot(...far!.map((v, i) => v - same![i]!)), 9);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThan(1.5);
  });

  test("of a label that leads nowhere are refused, and those in clean are not", () => {
    const nowhere = { ...GRID, offset: undefined };
    expect(() => detectionToPatient(detection, nowhere, "label")).toThrow(/--positions clean/);
    expect(detectionToPatient(detection, nowhere, "clean")).toEqual(cleanToPatient(geometry, [70, 20, 10]));
    expect(mostDrift(nowhere)).toBe(Number.POSITIVE_INFINITY);
  });
});
