import { describe, expect, test } from "vitest";
import { checkOrientation, tiltAngle } from "../../src/dicom/check-orientation.ts";
import type { Instance, Orientation } from "../../src/dicom/instance.ts";
import { angleBetween, mainAxis, orthonormalError, planeNormal, planeOf } from "../../src/dicom/plane-geometry.ts";
import { groupStacks } from "../../src/dicom/stack.ts";
import type { Point } from "../../src/volume/affine.ts";
import { instance } from "../helpers/instance.ts";

const radians = (degrees: number) => (degrees * Math.PI) / 180;
/** Axial slices, turned by some degrees about the axis of their rows. */
const about = (degrees: number): Orientation => [1, 0, 0, 0, Math.cos(radians(degrees)), Math.sin(radians(degrees))];
const AXIAL: Orientation = [1, 0, 0, 0, 1, 0];

/** What is found in slices of this orientation whose first pixels lie so. */
function found(orientation: Orientation, positions: readonly Point[]): string[] {
  const slices: Instance[] = positions.map((position) => instance({ orientation, position }));
  const [stack] = groupStacks(slices);
  return checkOrientation(stack!, slices).map(({ code, severity, limit }) => `${severity} ${code} ${limit}`);
}
/** Ten slices, 2 mm apart along a direction. */
const along = ([x, y, z]: Point): Point[] => Array.from({ length: 10 }, (_, k) => [2 * k * x, 2 * k * y, 2 * k * z]);
const tilted = (degrees: number): Point[] => along([0, Math.tan(radians(degrees)), 1]);

describe("directions of the pixels", () => {
  test.each<[off: number, expected: readonly string[]]>([
    [0.0009, []],
    [0.0011, ["warning non-orthonormal 0.001"]],
    [0.0099, ["warning non-orthonormal 0.001"]],
    [0.0101, ["fatal non-orthonormal 0.01"]],
  ])("a row that is too long by %f", (off, expected) => {
    expect(found([1 + off, 0, 0, 0, 1, 0], along([0, 0, 1]))).toEqual(expected);
    expect(found([1, 0, 0, 0, 1 + off, 0], along([0, 0, 1]))).toEqual(expected);
  });
  test("a right angle that is none", () => {
    expect(orthonormalError([1, 0, 0, 0.1, 1, 0])).toBeCloseTo(0.1);
    expect(orthonormalError(AXIAL)).toBe(0);
  });
  test.each([
    [0.9, []],
    [1.1, ["warning oblique 1°"]],
    [36, ["warning oblique 1°"]],
    [38, ["fatal non-axial 37°"]],
  ] as const)("a normal that is %f° off the patient's axis", (degrees, expected) => {
    expect(found(about(degrees), along(planeNormal(about(degrees))))).toEqual(expected);
  });
  test.each<[what: string, orientation: Orientation, expected: readonly string[]]>([
    ["seen from the head", [-1, 0, 0, 0, 1, 0], ["feet-first"]],
    ["face down", [-1, 0, 0, 0, -1, 0], ["prone"]],
    ["face down, seen from the head", [1, 0, 0, 0, -1, 0], ["feet-first", "prone"]],
    ["on the side", [0, 1, 0, -1, 0, 0], ["decubitus"]],
  ])("a patient %s", (_, orientation, expected) => {
    const [stack] = groupStacks([instance({ orientation })]);
    const slices = along([0, 0, 1]).map((position) => instance({ orientation, position }));
    expect(checkOrientation(stack!, slices)).toMatchObject(expected.map((code) => ({ code, severity: "corrected" })));
  });
});

describe("the direction in which slices are stacked", () => {
  test.each([
    [0.19, []],
    [0.21, ["corrected tilt 0.2°"]],
  ] as const)("tilted by %f°", (degrees, expected) => {
    expect(found(AXIAL, tilted(degrees))).toEqual(expected);
    const slices = tilted(degrees).map((position) => instance({ position }));
    expect(tiltAngle([0, 0, 1], slices)).toBeCloseTo(expected.length > 0 ? degrees : 0);
  });
  test.each([
    [0.45, ["corrected tilt 0.2°"]],
    [0.55, ["fatal tilt 0.2°"]],
  ] as const)("tilted, and sideways by %f°", (degrees, expected) => {
    const sideways = Math.tan(radians(degrees));
    expect(found(AXIAL, along([sideways, 0.1, 1]))).toEqual(expected);
    expect(found(AXIAL, along([-sideways, 0.1, 1]))).toEqual(expected);
  });
  test("a slice that is off the line by more than a pixel", () => {
    const off = (x: number) => along([0, 0, 1]).map((at, k): Point => (k === 4 ? [x, 0, at[2]] : at));
    expect(found(AXIAL, off(0.69))).toEqual([]);
    expect(found(AXIAL, off(0.71))).toEqual(["warning shifted-slices 0.70 mm, one pixel"]);
  });
  test("says nothing without positions", () => {
    const slices = [instance({ position: undefined }), instance()];
    expect(checkOrientation(groupStacks([instance()])[0]!, slices)).toEqual([]);
  });
});

describe("planes", () => {
  test("a normal points to the head, the back or the left", () => {
    expect(planeNormal(AXIAL)).toEqual([0, 0, 1]);
    expect(planeNormal([-1, 0, 0, 0, 1, 0])).toEqual([0, 0, 1]);
    expect(planeNormal([1, 0, 0, 0, 0, -1])).toEqual([0, 1, 0]);
    expect(planeNormal([1, 0, 0, 0, 0, 1])).toEqual([0, 1, 0]);
    expect(planeNormal([0, 1, 0, 0, 0, 1])).toEqual([1, 0, 0]);
    const [x, y, z] = planeNormal([-1, 0, 0, 0, Math.cos(0.3), Math.sin(0.3)]);
    expect([x, y, z].map((v) => v.toFixed(6))).toEqual(["0.000000", "-0.295520", "0.955336"]);
  });
  test("a normal that is an axis but for rounding is the axis itself", () => {
    expect(planeNormal([1, 0, 0, 0, 1, 0.00009])).toEqual([0, 0, 1]);
    expect(planeNormal([1, 0, 0, 0, 1, 0.0002])).not.toEqual([0, 0, 1]);
  });
  test("no directions at all are taken for axial ones", () => {
    expect(planeNormal([0, 0, 0, 0, 0, 0])).toEqual([0, 0, 1]);
  });
  test("faces", () => {
    expect([planeOf([0, 0, 1]), planeOf([0, 1, 0]), planeOf([1, 0, 0])]).toEqual(["axial", "coronal", "sagittal"]);
    expect([planeOf([0, 0.6, 0.8]), planeOf([0, Math.sqrt(1 - 0.79 ** 2), 0.79])]).toEqual(["axial", "oblique"]);
    expect([mainAxis([1, 1, 1]), mainAxis([1, 1, 0]), mainAxis([2, 1, 0]), mainAxis([-3, 1, 2])]).toEqual([2, 1, 0, 0]);
    expect(angleBetween([1, 0, 0], [0, 2, 0])).toBe(90);
  });
});
