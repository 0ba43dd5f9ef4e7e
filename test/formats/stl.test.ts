import { expect, test } from "vitest";
import { encodeStl } from "../../src/formats/stl.ts";

test("a surface is written as binary STL: a count, and fifty bytes a triangle with its normal", () => {
  const mesh = {
    positions: Float32Array.of(0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4),
    triangles: Uint32Array.of(0, 1, 2, 0, 3, 1),
  };
  const stl = encodeStl(mesh);
  const view = new DataView(stl.buffer);
  const floats = (at: number, count: number) =>
    Array.from({ length: count }, (_, i) => view.getFloat32(at + 4 * i, true));
  expect(stl).toHaveLength(84 + 2 * 50);
  expect(view.getUint32(80, true)).toBe(2);
  expect(floats(84, 12)).toEqual([0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0]);
  expect(floats(134, 12)).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 4, 2, 0, 0]);
  expect([view.getUint16(132, true), view.getUint16(182, true)]).toEqual([0, 0]);
});
