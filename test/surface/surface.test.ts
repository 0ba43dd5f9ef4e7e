import { describe, expect, test } from "vitest";
import { encodeStl } from "../../src/formats/stl.ts";
import { surfaceOf } from "../../src/surface/surface.ts";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Mesh } from "../../src/volume/mesh.ts";
import type { Triple } from "../../src/volume/volume.ts";

function ball(shape: Triple, spacing: Triple, radius: number): BitVolume {
  const mask = new BitVolume(shape);
  const centre = shape.map((n, i) => ((n - 1) / 2) * spacing[i]!);
  for (let z = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let x = 0; x < shape[2]; x++) {
        const away = Math.hypot(z * spacing[0] - centre[0]!, y * spacing[1] - centre[1]!, x * spacing[2] - centre[2]!);
        if (away <= radius) mask.set(z, y, x);
      }
    }
  }
  return mask;
}

/** Volume within a surface, mm³; negative when it is inside out. */
function enclosed({ positions: p, triangles }: Mesh): number {
  let sum = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [3 * triangles[t]!, 3 * triangles[t + 1]!, 3 * triangles[t + 2]!];
    sum += p[a]! * (p[b + 1]! * p[c + 2]! - p[b + 2]! * p[c + 1]!);
    sum += p[a + 1]! * (p[b + 2]! * p[c]! - p[b]! * p[c + 2]!);
    sum += p[a + 2]! * (p[b]! * p[c + 1]! - p[b + 1]! * p[c]!);
  }
  return sum / 6;
}

function openEdges({ triangles }: Mesh): number {
  const edges = new Map<string, number>();
  for (let t = 0; t < triangles.length; t += 3) {
    for (let k = 0; k < 3; k++) {
      const [a, b] = [triangles[t + k]!, triangles[t + ((k + 1) % 3)]!];
      const key = a < b ? `${a} ${b}` : `${b} ${a}`;
      edges.set(key, (edges.get(key) ?? 0) + (a < b ? 1 : -1));
    }
  }
  return [...edges.values()].filter((balance) => balance !== 0).length;
}

describe("surfaceOf", () => {
  const spacing: Triple = [2, 0.75, 0.75];
  const mask = ball([40, 100, 100], spacing, 30);
  const mesh = surfaceOf(mask, { spacing, affine: affineFromSpacing(spacing) });

  test("is closed and faces outwards", () => {
    expect(openEdges(mesh)).toBe(0);
    expect(enclosed(mesh)).toBeGreaterThan(0);
  });

  test("encloses a ball's volume within 3 %", () => {
    expect(enclosed(mesh) / ((4 / 3) * Math.PI * 30 ** 3)).toBeCloseTo(1, 1.5);
  });

  test("lies within a millimetre of the ball's surface, in patient coordinates", () => {
    const { positions } = mesh;
    for (let i = 0; i < positions.length; i += 3) {
      const away = Math.hypot(positions[i]! - 37.125, positions[i + 1]! - 37.125, positions[i + 2]! - 39);
      expect(Math.abs(away - 30)).toBeLessThan(1);
    }
  });

  test("closes a mask that touches every border", () => {
    const full = new BitVolume([3, 4, 5]);
    for (let i = 0; i < 60; i++) full.set(Math.floor(i / 20), Math.floor(i / 5) % 4, i % 5);
    const box = surfaceOf(full, { spacing: [2, 2, 2], affine: affineFromSpacing([2, 2, 2]) });
    expect(openEdges(box)).toBe(0);
    expect(enclosed(box)).toBeGreaterThan(0);
  });

  test("of nothing is empty", () => {
    const empty = surfaceOf(new BitVolume([3, 3, 3]), { spacing, affine: affineFromSpacing(spacing) });
    expect(empty.triangles).toHaveLength(0);
  });

  test("is written as STL, one record of 50 bytes a triangle", () => {
    const stl = encodeStl(mesh);
    const view = new DataView(stl.buffer);
    expect(view.getUint32(80, true)).toBe(mesh.triangles.length / 3);
    expect(stl.length).toBe(84 + (mesh.triangles.length / 3) * 50);
    expect(view.getFloat32(84 + 12, true)).toBe(mesh.positions[3 * mesh.triangles[0]!]);
    const length = Math.hypot(view.getFloat32(84, true), view.getFloat32(88, true), view.getFloat32(92, true));
    expect(length).toBeCloseTo(1, 5);
  });
});
