import { describe, expect, test } from "vitest";
import { PleuraError } from "../../src/errors.ts";
import { type Surface, surfaceOf, surfaceOfVolume } from "../../src/surface/surface.ts";
import { type Affine, affineFromSpacing } from "../../src/volume/affine.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Triple } from "../../src/volume/volume.ts";

const RADIUS = 20;

/** A ball of 20 mm around the middle of a grid, whatever its spacing. */
function ball(spacing: Triple, affine = affineFromSpacing(spacing)) {
  const shape = spacing.map((mm) => Math.ceil(48 / mm)) as unknown as Triple;
  const mask = new BitVolume(shape);
  const distances = new Float32Array(shape[0] * shape[1] * shape[2]);
  let at = 0;
  for (let z = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let x = 0; x < shape[2]; x++) {
        const distance = Math.hypot(...[z, y, x].map((i, axis) => (i - (shape[axis]! - 1) / 2) * spacing[axis]!));
        distances[at++] = distance;
        if (distance <= RADIUS) mask.set(z, y, x);
      }
    }
  }
  return { mask, distances, shape, spacing, affine };
}

/** Enclosed volume by the divergence theorem: negative when triangles are seen from inside. */
function enclosed({ positions: p, triangles }: Surface): number {
  let sum = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [triangles[t]! * 3, triangles[t + 1]! * 3, triangles[t + 2]! * 3] as const;
    sum +=
      p[a]! * (p[b + 1]! * p[c + 2]! - p[b + 2]! * p[c + 1]!) -
      p[a + 1]! * (p[b]! * p[c + 2]! - p[b + 2]! * p[c]!) +
      p[a + 2]! * (p[b]! * p[c + 1]! - p[b + 1]! * p[c]!);
  }
  return sum / 6;
}

function extents({ positions }: Surface): number[] {
  return [0, 1, 2].map((axis) => {
    const values = Array.from({ length: positions.length / 3 }, (_, i) => positions[i * 3 + axis]!);
    return Math.max(...values) - Math.min(...values);
  });
}

/** Smoothing takes a fifth of a millimetre off a ball of this radius, 3 % of its volume. */
const VOLUME = (4 / 3) * Math.PI * RADIUS ** 3;

describe("the surface of a ball", () => {
  test.each<[string, Triple, number]>([
    ["cubes", [1, 1, 1], 0.05],
    ["thick slices", [2.5, 0.7, 0.7], 0.05],
    ["thin slices", [0.6, 1.4, 1.4], 0.05],
  ])("encloses its volume and is as wide along L, P and S, of voxels that are %s", (_, spacing, tolerance) => {
    const surface = surfaceOf(ball(spacing).mask, { spacing, affine: affineFromSpacing(spacing) });
    expect(Math.abs(enclosed(surface) / VOLUME - 1)).toBeLessThan(tolerance);
    for (const width of extents(surface)) expect(Math.abs(width - 2 * RADIUS)).toBeLessThan(1.2);
  });

  test("is closed: each edge belongs to two triangles that run along it in opposite directions", () => {
    const { triangles } = surfaceOf(ball([1.5, 1, 1]).mask, ball([1.5, 1, 1]));
    const edges = new Set<string>();
    for (let t = 0; t < triangles.length; t += 3) {
      for (const [from, to] of [
        [0, 1],
        [1, 2],
        [2, 0],
      ] as const)
        edges.add(`${triangles[t + from]}>${triangles[t + to]}`);
    }
    expect(edges.size).toBe(triangles.length);
    for (const edge of edges) expect(edges).toContain(edge.split(">").reverse().join(">"));
  });

  test("has normals that point away from the middle", () => {
    const made = ball([2, 1, 1]);
    const { positions, normals } = surfaceOf(made.mask, made);
    const centre = made.shape.map((n, i) => ((n - 1) / 2) * made.spacing[i]!).reverse();
    for (let i = 0; i < positions.length; i += 3) {
      const away = [0, 1, 2].map((axis) => positions[i + axis]! - centre[axis]!);
      const cosine = away.reduce((sum, part, axis) => sum + part * normals[i + axis]!, 0) / Math.hypot(...away);
      expect(cosine).toBeGreaterThan(0.93);
    }
  });

  test.each<[string, Affine]>([
    ["mirrored", [0, 0, -1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]],
    ["turned", [1, 0, 0, 40, 0, 0, 1, -300, 0, 1, 0, 7, 0, 0, 0, 1]],
    ["oblique", [0, 0.6, 0.8, 5, 0, -0.8, 0.6, 5, -1, 0, 0, 5, 0, 0, 0, 1]],
  ])("is seen from outside on a %s grid too", (_, affine) => {
    expect(enclosed(surfaceOf(ball([1, 1, 1]).mask, { spacing: [1, 1, 1], affine }))).toBeGreaterThan(0.95 * VOLUME);
  });

  test("runs where grey values cross the threshold, between the voxels", () => {
    const { distances, ...grid } = ball([2, 1.2, 1.2]);
    // 400 HU at 15.3 mm, 40 HU less each mm farther out.
    const volume = { ...grid, voxels: distances.map((mm) => 400 - 40 * (mm - 15.3)) };
    for (const width of extents(surfaceOfVolume(volume, 400, { detail: 1.2 }))) expect(width).toBeCloseTo(2 * 15.3, 0);
  });
});

test("nothing has an empty surface", () => {
  const grid = { spacing: [1, 1, 1] as const, affine: affineFromSpacing([1, 1, 1]) };
  expect(surfaceOf(new BitVolume([4, 5, 6]), grid).triangles).toHaveLength(0);
  const volume = { ...grid, shape: [4, 5, 6] as const, voxels: new Int16Array(120) };
  expect(surfaceOfVolume(volume, 400).triangles).toHaveLength(0);
});

test("what fills the whole grid is closed at its border", () => {
  const grid = { shape: [8, 9, 10] as const, spacing: [1, 1, 1] as const, affine: affineFromSpacing([1, 1, 1]) };
  const surface = surfaceOfVolume({ ...grid, voxels: new Int16Array(720).fill(1000) }, 400, { detail: 1 });
  expect(Math.abs(enclosed(surface) / 720 - 1)).toBeLessThan(0.1);
});

test("refuses what makes no sense", () => {
  const grid = { spacing: [1, 1, 1] as const, affine: affineFromSpacing([1, 1, 1]) };
  const volume = { ...grid, shape: [2, 2, 2] as const, voxels: new Int16Array(8) };
  expect(() => surfaceOf(new BitVolume([2, 2, 2]), grid, { detail: 0 })).toThrow(PleuraError);
  expect(() => surfaceOfVolume(volume, Number.NaN)).toThrow(/threshold/);
  expect(() => surfaceOfVolume({ ...volume, voxels: new Int16Array(7) }, 400)).toThrow(/voxels/);
});
