import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { labelOffset, labelToScan, positionOf, publishedLabel } from "../../src/nodules/label.ts";
import { cleanGeometry } from "../../src/prepare/clean-geometry.ts";
import type { CropBox } from "../../src/prepare/crop-box.ts";
import { type Affine, affineFromSteps, indexToPatient, type Point } from "../../src/volume/affine.ts";
import type { StoredGrid } from "../../src/volume/stored-grid.ts";
import type { Triple } from "../../src/volume/volume.ts";

interface GoldenCase {
  readonly kind: "luna" | "voxels";
  readonly flip: boolean;
  readonly shape: Triple;
  readonly spacing: Triple;
  readonly origin: Triple;
  readonly box: CropBox;
  readonly nodules: readonly (readonly [number, number, number, number])[];
  readonly label: readonly (readonly number[])[];
}

const CASES = JSON.parse(
  readFileSync(new URL("../goldens/training/labels.json", import.meta.url), "utf8"),
) as GoldenCase[];

/** The grid of an image whose x and y run by `sign` along the patient's left and back. */
function storedGrid({ shape, spacing: [sz, sy, sx], origin: [z, y, x] }: GoldenCase, sign: 1 | -1): StoredGrid {
  const affine = affineFromSteps([x, y, z], [0, 0, sz], [0, sign * sy, 0], [sign * sx, 0, 0]);
  return { shape, affine, even: true };
}

/** The same grid with y and x reversed. */
function reversed({ affine, shape }: StoredGrid): Affine {
  const corner = indexToPatient(affine, [0, shape[1] - 1, shape[2] - 1]);
  return affineFromSteps(corner, [0, 0, affine[8]], [0, -affine[5], 0], [-affine[2], 0, 0]);
}

function gridOf(golden: GoldenCase) {
  const stored = storedGrid(golden, golden.flip ? -1 : 1);
  const precision = golden.kind === "luna" ? ("double" as const) : ("single" as const);
  const affine = golden.flip ? reversed(stored) : stored.affine;
  const { shape, spacing, box } = golden;
  const geometry = cleanGeometry({ shape, spacing, affine }, [1, 1, 1], box, precision);
  return {
    geometry,
    stored: golden.kind === "luna" ? { ...stored, reversed: golden.flip } : stored,
    newSpacing: [1, 1, 1] as const,
    precision,
  };
}

function annotationOf({ kind }: GoldenCase, [x, y, z, diameter]: GoldenCase["nodules"][number]) {
  return kind === "luna"
    ? { line: 1, at: { patient: [x, y, z] as Point }, diameter }
    : { line: 1, at: { voxel: [z, y, x] as Triple }, diameter };
}

test.each(CASES.map((golden, i) => [`${i} (${golden.kind}${golden.flip ? ", reversed" : ""})`, golden] as const))(
  "rows equal the published code's to the last bit: case %s",
  (_, golden) => {
    const grid = gridOf(golden);
    const rows = golden.nodules.map((nodule) => {
      const annotation = annotationOf(golden, nodule);
      return publishedLabel(annotation, positionOf(annotation, grid, "x.csv"), grid);
    });
    expect(rows).toEqual(golden.label);
  },
);

test.each(CASES.map((golden, i) => [i, golden] as const))("case %i: rows lead back to the patient", (_, golden) => {
  const grid = gridOf(golden);
  const offset = labelOffset(grid.stored)!;
  expect(offset).toEqual(golden.flip ? [0, 1, 1] : [0, 0, 0]);
  for (const nodule of golden.nodules) {
    const annotation = annotationOf(golden, nodule);
    const position = positionOf(annotation, grid, "x.csv");
    const [z, y, x] = publishedLabel(annotation, position, grid);
    const back = labelToScan([z, y, x], grid.geometry, [1, 1, 1], grid.precision, offset);
    const point = indexToPatient(grid.geometry.original.affine, back);
    // Single precision of the spacing is far below a thousandth of a millimetre.
    for (const axis of [0, 1, 2] as const) expect(point[axis]).toBeCloseTo(position.patient[axis], 3);
  }
});

describe("positions", () => {
  const golden = CASES.find(({ kind }) => kind === "voxels")!;

  test("in voxels count the stored slices, whatever the scan was turned to", () => {
    const grid = gridOf(golden);
    const turned = {
      ...grid,
      geometry: { ...grid.geometry, original: { ...grid.geometry.original, affine: reversed(grid.stored) } },
    };
    const annotation = { line: 1, at: { voxel: [3, 4, 5] as Triple }, diameter: 2 };
    const plain = positionOf(annotation, grid, "x.csv");
    const position = positionOf(annotation, turned, "x.csv");
    expect(position.patient).toEqual(plain.patient);
    expect(plain.scan).toEqual([3, 4, 5]);
    expect(position.scan[1]).toBeCloseTo(golden.shape[1] - 1 - 4, 9);
    expect(position.scan[2]).toBeCloseTo(golden.shape[2] - 1 - 5, 9);
  });

  test("in voxels are refused where slices were interpolated", () => {
    const grid = gridOf(golden);
    const filled = { ...grid, stored: { ...grid.stored, even: false } };
    const annotation = { line: 1, at: { voxel: [3, 4, 5] as Triple }, diameter: 2 };
    expect(() => positionOf(annotation, filled, "x.csv")).toThrow(/x\.csv.*millimetres/);
  });

  test("of an image that lies unlike LUNA16's lead back from the label nowhere", () => {
    const { stored } = gridOf(CASES[0]!);
    const downwards = stored.affine.map((value, i) => (i === 8 ? -value : value)) as unknown as Affine;
    expect(labelOffset({ ...stored, affine: downwards, reversed: true })).toBeUndefined();
    expect(labelOffset({ shape: stored.shape, even: true, affine: downwards })).toEqual([0, 0, 0]);
  });
});
