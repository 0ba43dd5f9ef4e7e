import { expect, test } from "vitest";
import { type CleanGeometry, cleanGeometry, cleanToPatient, patientToClean } from "../../src/prepare/clean-geometry.ts";
import { zoom } from "../../src/prepare/zoom.ts";
import { type Affine, affineFromSpacing, affineFromSteps, indexToPatient } from "../../src/volume/affine.ts";
import { type Triple, voxelCount } from "../../src/volume/volume.ts";
import { expectClose } from "../helpers/close.ts";

const shape: Triple = [12, 20, 16];
const spacing: Triple = [2.5, 0.7, 0.8];
const box = [
  [3, 20],
  [2, 12],
  [1, 11],
] as const;

/** Steps turned by two angles, so that every entry of the affine is busy. */
function oblique(flip: Triple = [1, 1, 1]): Affine {
  const [a, b] = [0.3, -0.7];
  const step = (axis: number, v: Triple): Triple => v.map((c) => c * spacing[axis]! * flip[axis]!) as unknown as Triple;
  const row: Triple = [Math.cos(a), Math.sin(a), 0];
  const column: Triple = [-Math.sin(a) * Math.cos(b), Math.cos(a) * Math.cos(b), Math.sin(b)];
  const normal: Triple = [
    row[1] * column[2] - row[2] * column[1],
    row[2] * column[0] - row[0] * column[2],
    row[0] * column[1] - row[1] * column[0],
  ];
  return affineFromSteps([-120.5, 33.25, 400], step(0, normal), step(1, column), step(2, row));
}

const AFFINES: readonly (readonly [string, Affine])[] = [
  ["upright", affineFromSpacing(spacing)],
  ["oblique", oblique()],
  ["head first in z", oblique([-1, 1, 1])],
  ["mirrored", oblique([-1, 1, -1])],
];

test.each(AFFINES)("there and back again: %s", (_, affine) => {
  const geometry = cleanGeometry({ shape, spacing, affine }, [1, 1, 1], box);
  for (const index of [
    [0, 0, 0],
    [16, 9, 9],
    [3.25, 7.5, 0.125],
    [-4, 30, 2],
  ] as const) {
    const point = cleanToPatient(geometry, index);
    expectClose(patientToClean(geometry, point), index);
    expectClose(indexToPatient(geometry.affine, index), point);
  }
});

test.each(AFFINES)("the corner voxels of grid and scan are the same points: %s", (_, affine) => {
  const whole = cleanGeometry(
    { shape, spacing, affine },
    [1, 1, 1],
    [
      [0, 30],
      [0, 14],
      [0, 13],
    ],
  );
  expect(whole.resampled.shape).toEqual([30, 14, 13]);
  for (let corner = 0; corner < 8; corner++) {
    const at = (n: Triple) => n.map((length, axis) => ((corner >> axis) & 1) * (length - 1)) as unknown as Triple;
    expectClose(cleanToPatient(whole, at(whole.shape)), indexToPatient(affine, at(shape)));
  }
});

test("the mapping is the one the resampling does", () => {
  const geometry = cleanGeometry({ shape, spacing, affine: oblique() }, [1, 1, 1], box);
  for (const axis of [0, 1, 2] as const) {
    // Voxels that hold their own patient coordinate keep it through linear resampling.
    const field = new Float64Array(voxelCount(shape));
    for (let i = 0; i < field.length; i++) {
      const x = i % shape[2],
        y = Math.floor(i / shape[2]) % shape[1],
        z = Math.floor(i / (shape[1] * shape[2]));
      field[i] = indexToPatient(geometry.original.affine, [z, y, x])[axis];
    }
    const grid = geometry.resampled.shape;
    const zoomed = zoom(field, shape, grid, 1);
    const value = zoomed[((box[0][0] + 5) * grid[1] + box[1][0] + 4) * grid[2] + box[2][0] + 3]!;
    expect(cleanToPatient(geometry, [5, 4, 3])[axis]).toBeCloseTo(value, 9);
  }
});

test("axes of one voxel stay invertible", () => {
  const affine = oblique();
  const thin = { shape: [1, 20, 2], spacing: [2, 0.7, 0.4], affine } as const;
  const geometry = cleanGeometry(
    thin,
    [1, 1, 1],
    [
      [0, 1],
      [0, 9],
      [0, 1],
    ],
  );
  expect(geometry.resampled.shape).toEqual([2, 14, 1]);
  expect(geometry.step).toEqual([0, 19 / 13, 1]);
  expect(patientToClean(geometry, cleanToPatient(geometry, [0, 4, 0]))[0]).toBe(0);
  const flat = cleanGeometry(
    { shape: [1, 20, 20], spacing: [1, 1, 1], affine },
    [1, 1, 1],
    [
      [0, 1],
      [5, 9],
      [5, 9],
    ],
  );
  expectClose(patientToClean(flat, cleanToPatient(flat, [0, 2, 3])), [0, 2, 3]);
});

test("a record survives JSON", () => {
  const geometry = cleanGeometry({ shape, spacing, affine: oblique() }, [1, 1, 1], box);
  const read = JSON.parse(JSON.stringify(geometry)) as CleanGeometry;
  expect(read).toEqual(geometry);
  expect(cleanToPatient(read, [1, 2, 3])).toEqual(cleanToPatient(geometry, [1, 2, 3]));
  expect(geometry).toMatchObject({ shape: [17, 10, 10], resampled: { shape: [30, 14, 13] } });
});
