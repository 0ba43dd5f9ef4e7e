import { describe, expect, test } from "vitest";
import { scanOfImage } from "../../src/dicom/image-scan.ts";
import { affineFromSteps, indexToPatient, type Point } from "../../src/volume/affine.ts";
import type { Triple } from "../../src/volume/volume.ts";

const SHAPE: Triple = [3, 4, 5];
const SPACING: Triple = [2.7, 0.7, 0.6];
const SOURCE = { files: 1, bytes: 1, skipped: [] };

/** An image whose axes x, y and z run along the given directions. */
function image(x: Point, y: Point, z: Point) {
  const scaled = ([a, b, c]: Point, by: number): Point => [a * by, b * by, c * by];
  const affine = affineFromSteps([-10, -20, -30], scaled(z, SPACING[0]), scaled(y, SPACING[1]), scaled(x, SPACING[2]));
  const voxels = Int16Array.from({ length: 60 }, (_, i) => i);
  return { volume: { voxels, shape: SHAPE, spacing: SPACING, affine }, oriented: true, held: 0 };
}
const PLAIN = () => image([1, 0, 0], [0, 1, 0], [0, 0, 1]);
const HALF_TURN = () => image([-1, 0, 0], [0, -1, 0], [0, 0, 1]);
const DOWNWARDS = () => image([1, 0, 0], [0, 1, 0], [0, 0, -1]);
const TILTED = (degrees: number) => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return image([1, 0, 0], [0, c, s], [0, -s, c]);
};
const published = { precision: "double", directions: "published" } as const;
const codes = (scan: ReturnType<typeof scanOfImage>) =>
  scan.findings.map(({ code }) => code).filter((c) => c === "unusual-directions");

test("the spacing is that of single precision unless double is asked for", () => {
  expect(scanOfImage(PLAIN(), SOURCE, "a").spacing).toEqual(SPACING.map(Math.fround));
  expect(scanOfImage(PLAIN(), SOURCE, "a", { precision: "double" }).spacing).toEqual(SPACING);
});

describe("turned as published", () => {
  test("an image whose directions are the identity stays as it is", () => {
    const scan = scanOfImage(PLAIN(), SOURCE, "a", published);
    expect([...scan.voxels]).toEqual([...PLAIN().volume.voxels]);
    expect(scan.stored).toMatchObject({ reversed: false, even: true, shape: SHAPE });
    expect(codes(scan)).toEqual([]);
  });

  test("and so does one that is turned by less than rounding shows", () => {
    const scan = scanOfImage(TILTED(20), SOURCE, "a", published);
    expect(scan.stored.reversed).toBe(false);
    expect([...scan.voxels]).toEqual([...PLAIN().volume.voxels]);
  });

  test.each([
    ["half a turn", HALF_TURN, []],
    ["z downwards", DOWNWARDS, ["unusual-directions"]],
    ["a quarter turn", () => image([0, 1, 0], [-1, 0, 0], [0, 0, 1]), ["unusual-directions"]],
  ])("any other has y and x reversed: %s", (_, make, findings) => {
    const before = make().volume;
    const scan = scanOfImage(make(), SOURCE, "a", published);
    expect(scan.stored).toEqual({ shape: SHAPE, affine: before.affine, even: true, reversed: true });
    expect(codes(scan)).toEqual(findings);
    for (const [z, y, x] of [
      [0, 0, 0],
      [2, 1, 3],
    ] as const) {
      const [j, i] = [SHAPE[1] - 1 - y, SHAPE[2] - 1 - x];
      expect(scan.voxels[(z * 4 + y) * 5 + x]).toBe((z * 4 + j) * 5 + i);
      const [there, here] = [indexToPatient(before.affine, [z, j, i]), indexToPatient(scan.affine, [z, y, x])];
      for (const axis of [0, 1, 2] as const) expect(here[axis]).toBeCloseTo(there[axis], 9);
    }
  });

  test("half a turn gives the very scan that the directions give", () => {
    const [a, b] = [
      scanOfImage(HALF_TURN(), SOURCE, "a", published),
      scanOfImage(HALF_TURN(), SOURCE, "a", { precision: "double" }),
    ];
    expect([...a.voxels]).toEqual([...b.voxels]);
    expect(a.affine).toEqual(b.affine);
    expect(b.stored.reversed).toBeUndefined();
  });
});
