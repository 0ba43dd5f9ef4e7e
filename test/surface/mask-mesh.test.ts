import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { meshOfMask, meshVolume } from "../../src/surface/mask-mesh.ts";
import { surfaceNets } from "../../src/surface/surface-nets.ts";
import { makeWellComposed } from "../../src/surface/well-composed.ts";
import { affineFromSteps } from "../../src/volume/affine.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Triple } from "../../src/volume/volume.ts";

/** Whether each edge of the triangles belongs to two of them, which go along it in opposite directions. */
function isClosedManifold(triangles: Uint32Array): boolean {
  const edges = new Set<string>();
  for (let t = 0; t < triangles.length; t += 3) {
    const corners = [triangles[t]!, triangles[t + 1]!, triangles[t + 2]!];
    for (const k of [0, 1, 2]) {
      const edge = `${corners[k]},${corners[(k + 1) % 3]}`;
      if (edges.has(edge)) return false;
      edges.add(edge);
    }
  }
  return [...edges].every((edge) => edges.has(edge.split(",").reverse().join(",")));
}

function maskOf(shape: Triple, isIn: (z: number, y: number, x: number) => boolean): BitVolume {
  const mask = new BitVolume(shape);
  for (let z = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++) for (let x = 0; x < shape[2]; x++) if (isIn(z, y, x)) mask.set(z, y, x);
  }
  return mask;
}

test("whatever is inside, the surface is a closed manifold", () => {
  const shape: Triple = [8, 8, 8];
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 64, maxLength: 64 }), (inside) => {
      const values = new Float32Array(512);
      for (const [i, isIn] of inside.entries()) {
        values[((2 + (i >> 4)) * 8 + 2 + ((i >> 2) & 3)) * 8 + 2 + (i & 3)] = isIn ? 1 : 0.2;
      }
      const before = values.map((value) => Number(value >= 0.5));
      const raised = makeWellComposed(values, shape);
      expect(values.filter((value, i) => value >= 0.5 && before[i] === 0).length).toBe(raised);
      expect(values.every((value, i) => value >= 0.5 || before[i] === 0)).toBe(true);
      expect(isClosedManifold(surfaceNets(values, shape).triangles)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

describe("the mesh of a mask", () => {
  const grid = { spacing: [2, 1, 1] as Triple, affine: affineFromSteps([10, 20, 30], [0, 0, 2], [0, 1, 0], [1, 0, 0]) };
  const mirrored = { ...grid, affine: affineFromSteps([10, 20, 30], [0, 0, 2], [0, 1, 0], [-1, 0, 0]) };

  test.each([
    ["a ball", grid, (z: number, y: number, x: number) => Math.hypot(2 * z - 30, y - 30, x - 30) < 22],
    ["the same, mirrored", mirrored, (z: number, y: number, x: number) => Math.hypot(2 * z - 30, y - 30, x - 30) < 22],
    ["a box", grid, (z: number, y: number, x: number) => z > 5 && z < 25 && y > 8 && y < 50 && x > 20 && x < 40],
    ["a tube", grid, (z: number, y: number, x: number) => z > 2 && z < 28 && Math.hypot(y - 30, x - 30) < 4],
  ])("of %s is closed and has its volume", (_, where, isIn) => {
    const mask = maskOf([31, 61, 61], isIn);
    const mesh = meshOfMask(mask, where, 1.5)!;
    expect(isClosedManifold(mesh.triangles)).toBe(true);
    expect(meshVolume(mesh) / (2 * mask.count())).toBeCloseTo(1, 2);
  });

  test("of nothing is none", () => {
    expect(meshOfMask(new BitVolume([4, 4, 4]), grid, 1.5)).toBeUndefined();
  });

  test("that cannot have the mask's volume is refused", () => {
    const sheet = maskOf(
      [31, 61, 61],
      (z, y, x) => z === 15 && (y + x) % 6 === 0 && y > 5 && y < 55 && x > 5 && x < 55,
    );
    expect(() => meshOfMask(sheet, grid, 1.5)).toThrow(/volume/);
  });
});
