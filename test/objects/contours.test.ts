import { describe, expect, test } from "vitest";
import { outlines, type Polygon } from "../../src/objects/contours.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";

/** A plane out of text: `#` is in. */
function planeOf(...rows: readonly string[]): BitVolume {
  const [ny, nx] = [rows.length, rows[0]!.length];
  return BitVolume.fromBytes(
    [1, ny, nx],
    Array.from(rows.join(""), (c) => Number(c === "#")),
  );
}

/** Whether a point is inside by the even-odd rule, as planning systems ask at the centres of pixels. */
function isInside(polygon: Polygon, row: number, column: number): boolean {
  let inside = false;
  for (const [i, [r1, c1]] of polygon.entries()) {
    const [r2, c2] = polygon[(i + 1) % polygon.length]!;
    if (r1 > row !== r2 > row && column < c1 + ((row - r1) * (c2 - c1)) / (r2 - r1)) inside = !inside;
  }
  return inside;
}

function filled(polygons: readonly Polygon[], mask: BitVolume): BitVolume {
  const [, ny, nx] = mask.shape;
  const out = new BitVolume(mask.shape);
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) out.set(0, y, x, polygons.filter((one) => isInside(one, y, x)).length % 2 === 1);
  }
  return out;
}

/** A mask of blobs with holes in them. */
function blobs(seed: number, size: number, share: number): BitVolume {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const noise = Array.from({ length: size * size }, random);
  const near = (i: number) => (noise[i]! + (noise[i + 1] ?? 0) + (noise[i + size] ?? 0)) / 3;
  return BitVolume.fromBytes(
    [1, size, size],
    noise.map((_, i) => Number(near(i) < share)),
  );
}

describe("outlines", () => {
  test("one part is one polygon, half a pixel around its pixels", () => {
    const mask = planeOf("....", ".##.", "....");
    expect(outlines({ mask, slice: 0 })).toEqual([
      [
        [0.5, 1],
        [0.5, 2],
        [1, 2.5],
        [1.5, 2],
        [1.5, 1],
        [1, 0.5],
      ],
    ]);
  });

  test("a hole is cut out by a seam between rows, and stays one polygon", () => {
    const mask = planeOf("######", "##..##", "##.###", "######");
    const polygons = outlines({ mask, slice: 0 });
    expect(polygons).toHaveLength(1);
    expect(filled(polygons, mask).equals(mask)).toBe(true);
    // The seam runs from the hole's uppermost corner to the left border.
    expect(polygons[0]!.filter(([r, c]) => r === 0.5 && c === -0.5)).toHaveLength(2);
  });

  test("parts that touch by a corner are apart; an island in a hole is a part of its own", () => {
    const corner = planeOf("#.", ".#");
    expect(outlines({ mask: corner, slice: 0 })).toHaveLength(2);
    const island = planeOf("#####", "#...#", "#.#.#", "#...#", "#####");
    const polygons = outlines({ mask: island, slice: 0 });
    expect(polygons).toHaveLength(2);
    expect(filled(polygons, island).equals(island)).toBe(true);
  });

  test.each([0.3, 0.42, 0.5, 0.6, 0.7])("every pixel of any mask is on its own side (%f of them in)", (share) => {
    for (let seed = 1; seed <= 12; seed++) {
      const mask = blobs(seed, 24, share);
      const polygons = outlines({ mask, slice: 0 });
      expect(filled(polygons, mask).equals(mask)).toBe(true);
      for (const [r, c] of polygons.flat()) {
        // Corners lie half way between pixels, of which the one is in and the other out, or on a seam's end.
        expect([2 * r, 2 * c].every(Number.isInteger)).toBe(true);
        expect(Number.isInteger(r) && Number.isInteger(c)).toBe(false);
      }
    }
  });
});
