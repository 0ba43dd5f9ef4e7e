import type { ProjectedSurface, Scene } from "./project.ts";

/** What each sample of a picture sees. */
export interface Hits {
  /** Samples along a side. */
  readonly size: number;
  /** Side of a sample, mm. */
  readonly millimetres: number;
  /** 1 + the surface that is seen, 0 where there is none. */
  readonly surface: Uint8Array;
  /** Height towards the viewer, mm; `-Infinity` where there is nothing. */
  readonly height: Float32Array;
  /** Three numbers a sample: the normal to the right, up and towards the viewer, not of unit length. */
  readonly normals: Float32Array;
}

/** Finds for each sample the nearest triangle that faces the viewer, with its height and normal. */
export function rasterize({ size, millimetres, parts }: Scene): Hits {
  const hits: Hits = {
    size,
    millimetres,
    surface: new Uint8Array(size * size),
    height: new Float32Array(size * size).fill(-Infinity),
    normals: new Float32Array(size * size * 3),
  };
  for (const [i, part] of parts.entries()) {
    for (let t = 0; t < part.triangles.length; t += 3) drawTriangle(hits, part, t, i + 1);
  }
  return hits;
}

function drawTriangle(hits: Hits, { places, normals, triangles }: ProjectedSurface, t: number, id: number): void {
  const a = triangles[t]! * 3;
  const b = triangles[t + 1]! * 3;
  const c = triangles[t + 2]! * 3;
  const ax = places[a]!;
  const ay = places[a + 1]!;
  const bx = places[b]!;
  const by = places[b + 1]!;
  const cx = places[c]!;
  const cy = places[c + 1]!;
  // Rows count downwards, so a triangle that faces the viewer has a negative area.
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  if (!(area < 0)) return;
  const { size, height } = hits;
  // Samples lie in the middle of their squares.
  const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5));
  const right = Math.min(size - 1, Math.floor(Math.max(ax, bx, cx) - 0.5));
  const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
  const bottom = Math.min(size - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
  for (let row = top; row <= bottom; row++) {
    const y = row + 0.5;
    for (let column = left; column <= right; column++) {
      const x = column + 0.5;
      const u = ((cx - bx) * (y - by) - (cy - by) * (x - bx)) / area;
      const v = ((ax - cx) * (y - cy) - (ay - cy) * (x - cx)) / area;
      const w = 1 - u - v;
      if (u < 0 || v < 0 || w < 0) continue;
      const near = u * places[a + 2]! + v * places[b + 2]! + w * places[c + 2]!;
      const i = row * size + column;
      if (near <= height[i]!) continue;
      height[i] = near;
      hits.surface[i] = id;
      for (let k = 0; k < 3; k++) {
        hits.normals[i * 3 + k] = u * normals[a + k]! + v * normals[b + k]! + w * normals[c + k]!;
      }
    }
  }
}
