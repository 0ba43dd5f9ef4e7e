import { expect, test } from "vitest";
import { convexHullRows, type HullRows, hullArea } from "../../src/ops/convex-hull.ts";
import type { Triple } from "../../src/volume/volume.ts";
import { unpack } from "../helpers/golden-cases.ts";
import { MASKS } from "../helpers/masks.ts";
import { numbers, readGolden } from "../helpers/npz.ts";
import { at, convexHull, type Plain } from "../helpers/plain.ts";

/** The hull of a slice, from its rows' first and last pixels; undefined for an empty slice. */
function hullOf(mask: Plain, z: number): HullRows | undefined {
  const [, ny, nx] = mask.shape;
  const columns = Array.from({ length: nx }, (_, x) => x);
  const rows = Array.from({ length: ny }, (_, y) => columns.filter((x) => at(mask, z, y, x)));
  const top = rows.findIndex((row) => row.length > 0);
  if (top < 0) return undefined;
  const used = rows.slice(top, rows.findLastIndex((row) => row.length > 0) + 1);
  return convexHullRows(
    top,
    Int32Array.from(used, (row) => row[0] ?? 0),
    Int32Array.from(used, (row) => row.at(-1) ?? -1),
  );
}

function expectHull(mask: Plain, z: number, inHull: (y: number, x: number) => boolean, name: string): void {
  const hull = hullOf(mask, z);
  let area = 0;
  for (let y = 0; y < mask.shape[1]; y++) {
    for (let x = 0; x < mask.shape[2]; x++) {
      const k = y - (hull?.top ?? 0);
      const inside = hull !== undefined && k >= 0 && k < hull.left.length && x >= hull.left[k]! && x <= hull.right[k]!;
      const expected = inHull(y, x);
      if (inside !== expected) expect.fail(`${name}: pixel ${y}, ${x} is ${inside}`);
      if (expected) area++;
    }
  }
  if (hull !== undefined) expect(hullArea(hull), name).toBe(area);
}

test("equals scikit-image on lines, lattices, points, bodies and noise", () => {
  const golden = readGolden("lungs/hull");
  const shape = numbers(golden("shape")) as unknown as Triple;
  const masks: Plain = { shape, bytes: unpack(shape, numbers(golden("masks"))).toBytes() };
  const hulls: Plain = { shape, bytes: unpack(shape, numbers(golden("hulls"))).toBytes() };
  expect(shape[0]).toBeGreaterThan(200);
  for (let z = 0; z < shape[0]; z++) expectHull(masks, z, (y, x) => at(hulls, z, y, x), `mask ${z}`);
});

test("equals gift wrapping on every kind of mask", () => {
  for (const { name, plain } of MASKS) {
    for (let z = 0; z < plain.shape[0]; z++) {
      if (hullOf(plain, z) === undefined) continue;
      expectHull(
        plain,
        z,
        convexHull(plain, z, () => true),
        `${name}, slice ${z}`,
      );
    }
  }
});
