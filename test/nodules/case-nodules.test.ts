import { describe, expect, test } from "vitest";
import type { Annotation, CaseAnnotations } from "../../src/nodules/annotation.ts";
import { labelRows, placeNodules } from "../../src/nodules/case-nodules.ts";
import { checkLabels, isInvisible } from "../../src/nodules/check-labels.ts";
import { lineRanges } from "../../src/nodules/line-ranges.ts";
import { noduleSharesIn } from "../../src/nodules/where.ts";
import { cleanGeometry } from "../../src/prepare/clean-geometry.ts";
import type { CropBox } from "../../src/prepare/crop-box.ts";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import { type Triple, voxelCount } from "../../src/volume/volume.ts";

const SHAPE: Triple = [20, 40, 40];
const SPACING: Triple = [2, 1, 1];
const BOX: CropBox = [
  [4, 36],
  [5, 35],
  [5, 35],
];
const affine = affineFromSpacing(SPACING);
const geometry = cleanGeometry({ shape: SHAPE, spacing: SPACING, affine }, [1, 1, 1], BOX);
const GRID = {
  geometry,
  stored: { shape: SHAPE, affine, even: true },
  newSpacing: [1, 1, 1] as const,
  precision: "single" as const,
};

/** Air everywhere; lungs on the right half of the columns, dilated by four more. */
function surroundings(change: (voxels: Int16Array) => void = () => {}) {
  const voxels = new Int16Array(voxelCount(SHAPE)).fill(-800);
  change(voxels);
  const lungs = new BitVolume(SHAPE);
  const near = new BitVolume(SHAPE);
  for (let z = 0; z < SHAPE[0]; z++) {
    for (let y = 0; y < SHAPE[1]; y++) {
      for (let x = 16; x < SHAPE[2]; x++) near.set(z, y, x);
      for (let x = 20; x < SHAPE[2]; x++) lungs.set(z, y, x);
    }
  }
  return noduleSharesIn({ scan: { voxels, shape: SHAPE, spacing: SPACING, affine }, lungs, near, geometry });
}

const annotations = (nodules: readonly Annotation[], rest: Partial<CaseAnnotations> = {}): CaseAnnotations => ({
  kind: "luna16-annotations",
  nodules,
  leftOut: [],
  duplicates: [],
  broken: [],
  ...rest,
});
const at = (line: number, x: number, y: number, z: number, diameter?: number): Annotation => ({
  line,
  at: { patient: [x, y, z] },
  diameter,
});
const place = (given: CaseAnnotations) => placeNodules(given, GRID, surroundings(), "a.csv");

describe("where a nodule lies", () => {
  test("is told by the share of its ball within lungs, box and what is masked away", () => {
    const sharesOf = surroundings();
    expect(sharesOf([10, 20, 30], 6)).toEqual({ lungs: 1, box: 1, masked: 0, shown: 1 });
    expect(sharesOf([10, 20, 17.5], 3)).toEqual({ lungs: 0, box: 1, masked: 0, shown: 1 });
    expect(sharesOf([10, 20, 8], 6)).toEqual({ lungs: 0, box: 1, masked: 1, shown: 0 });
    expect(sharesOf([10, 20, 38], 3)).toEqual({ lungs: 1, box: 0, masked: 0, shown: 0 });
    const half = sharesOf([10, 20, 19.5], 8)!;
    expect(half.lungs).toBeCloseTo(0.5, 1);
    expect(sharesOf([10, 20, 41], 6)).toBeUndefined();
    expect(sharesOf([-0.6, 20, 30], 6)).toBeUndefined();
  });

  test("takes the voxel at the centre for a nodule smaller than a voxel", () => {
    const sharesOf = surroundings();
    expect(sharesOf([10.49, 20.4, 30.3], 0)).toEqual({ lungs: 1, box: 1, masked: 0, shown: 1 });
    expect(sharesOf([10, 20, 15.4], 0.1)).toEqual({ lungs: 0, box: 1, masked: 1, shown: 0 });
  });

  test("takes what is as bright as bone and outside the lungs for masked away", () => {
    const bright = surroundings((voxels) => voxels.fill(400));
    expect(bright([10, 20, 17.5], 3)).toMatchObject({ masked: 1, shown: 0 });
    expect(bright([10, 20, 30], 6)).toMatchObject({ masked: 0, shown: 1 });
    // Grey 210 itself is kept: 282.4 HU.
    const limit = surroundings((voxels) => voxels.fill(282));
    expect(limit([10, 20, 17.5], 3)).toMatchObject({ masked: 0 });
    const above = surroundings((voxels) => voxels.fill(290));
    expect(above([10, 20, 17.5], 3)).toMatchObject({ masked: 1 });
  });
});

describe("findings", () => {
  const codes = (given: CaseAnnotations) => place(given).findings.map(({ code, measured }) => [code, measured]);

  test("are none for nodules that are shown", () => {
    expect(codes(annotations([at(2, 30, 20, 20, 6)]))).toEqual([]);
  });

  test("name the lines of nodules that clean does not show, or that lie outside the scan", () => {
    const given = annotations([at(2, 8, 20, 20, 6), at(3, 30, 20, 20, 6), at(4, 38, 20, 20, 3), at(9, 300, 20, 20, 6)]);
    expect(codes(given)).toEqual([
      ["nodule-outside-scan", "line 9"],
      ["nodule-not-shown", "lines 2, 4"],
    ]);
    expect(labelRows(place(given).nodules)).toHaveLength(4);
  });

  test("name duplicates and unknown diameters", () => {
    expect(codes(annotations([at(2, 30, 20, 20)], { duplicates: [7] }))).toEqual([
      ["duplicate-nodules", "line 7"],
      ["unknown-diameter", "line 2"],
    ]);
  });

  test("say which candidates are no nodules: they are listed without a row", () => {
    const given = annotations([
      { ...at(2, 8, 20, 20), class: 0 },
      { ...at(3, 30, 20, 20), class: 1 },
    ]);
    expect(codes(given)).toEqual([
      ["unknown-diameter", "line 3"],
      ["nodules-left-out", "line 2"],
    ]);
    const { nodules } = place(given);
    expect(nodules.map(({ label }) => label !== null)).toEqual([false, true]);
    expect(labelRows(nodules)).toEqual([[20 - 4, 20 - 5, 30 - 5, 0]]);
  });

  test("say that a first row with z 0 empties the label, as published", () => {
    const voxels = (line: number, z: number): Annotation => ({ line, at: { voxel: [z, 20, 30] }, diameter: 4 });
    const dropped = place(annotations([voxels(1, 0), voxels(2, 10)], { kind: "voxels" }));
    expect(dropped.findings).toContainEqual(
      expect.objectContaining({ code: "nodules-left-out", measured: "lines 1-2" }),
    );
    expect(labelRows(dropped.nodules)).toEqual([]);
    const kept = place(annotations([voxels(1, 10), voxels(2, 0)], { kind: "voxels" }));
    expect(labelRows(kept.nodules)).toHaveLength(2);
  });
});

test("broken rows fail the case with their lines and reasons", () => {
  const broken = [1, 2, 3, 4].map((line) => ({ line, reason: "x is no number" }));
  expect(() => place(annotations([], { broken }))).toThrow(
    expect.objectContaining({
      code: "bad-annotation",
      file: "a.csv",
      measured: "line 1: x is no number; line 2: x is no number; line 3: x is no number; 1 more",
    }),
  );
});

test("lines are named in ranges", () => {
  expect(lineRanges([5, 3, 4, 9, 9])).toBe("3-5, 9");
  expect(lineRanges(Array.from({ length: 40 }, (_, i) => 2 * i))).toMatch(/^0, 2, .*, 22 and 28 more$/);
});

describe("check of the labels", () => {
  const cleanOf = (grey: number) => ({
    dtype: "uint8" as const,
    shape: [1, ...geometry.shape],
    data: new Uint8Array(voxelCount(geometry.shape)).fill(grey),
  });
  const { nodules } = place(annotations([at(2, 30, 20, 20, 6)]));
  const file = { case: "a", kind: "luna16-annotations" as const, matchedBy: "name" as const, nodules, leftOut: [] };
  const label = { dtype: "float64" as const, shape: [1, 4], data: Float64Array.from(labelRows(nodules).flat()) };
  const check = (grey: number, what = label, of = file) => checkLabels(of, what, cleanOf(grey), [1, 1, 1], 170);

  test("finds a sound one sound", () => {
    expect(check(60)).toEqual({ nodules: [expect.objectContaining({ number: 1, troubles: [], padding: 0 })] });
  });

  test("measures padding in clean itself", () => {
    const [nodule] = check(170).nodules;
    expect(nodule).toMatchObject({ padding: 1, troubles: ["padding"] });
    expect(isInvisible(nodule!)).toBe(true);
  });

  test("tells nodules outside lungs, box and scan apart", () => {
    const troubled = place(
      annotations([at(2, 17.5, 20, 20, 3), at(3, 38, 20, 20, 3), at(4, 99, 0, 0, 3), at(5, 8, 20, 20, 6)]),
    );
    const rows = Float64Array.from(labelRows(troubled.nodules).flat());
    const { nodules: checked } = check(
      60,
      { ...label, shape: [4, 4], data: rows },
      { ...file, nodules: troubled.nodules },
    );
    expect(checked.map(({ troubles }) => troubles)).toEqual([
      ["outside-lungs"],
      ["outside-box", "padding"],
      ["outside-scan"],
      ["outside-lungs", "masked"],
    ]);
    expect(checked.map(isInvisible)).toEqual([false, true, true, true]);
  });

  test("compares label.npy with what it should hold", () => {
    const other = Float64Array.from(label.data);
    other[2]! += 1e-9;
    expect(check(60, { ...label, data: other }).mismatch).toBe("another value in row 1");
    expect(check(60, { ...label, shape: [2, 4], data: new Float64Array(8) }).mismatch).toBe(
      "float64 (2, 4) instead of float64 (1, 4)",
    );
    const none = { ...file, nodules: [] };
    expect(check(60, label, none).mismatch).toBe("float64 (1, 4) instead of int64 (1, 4)");
    const zeros = { dtype: "int64" as const, shape: [1, 4], data: new BigInt64Array(4) };
    expect(checkLabels(none, zeros, cleanOf(60), [1, 1, 1], 170)).toEqual({ nodules: [] });
  });
});
