import type { Hits } from "./rasterize.ts";

/** Directions in which each pixel looks around, and the distances at which it looks, mm. */
const DIRECTIONS = 8;
const DISTANCES = [3, 7, 14, 26];
/** Heights beyond this many times the distance belong to something that stands apart. */
const APART = 2.5;
/** How dark the deepest hollow becomes. */
const STRENGTH = 1.5;

/**
 * How much of the sky each pixel sees, 0 to 1: what lies in a hollow or beside something higher
 * sees less. Looked up in the heights alone, so it costs the same for any surface.
 *
 * @param hits - `samples` times the picture's size
 * @param samples - along each side of a pixel; of each pixel the first sample is looked at
 * @returns one value a pixel, 1 where nothing was hit
 */
export function openness(hits: Hits, samples: number): Float32Array {
  const size = hits.size / samples;
  const { dx, dy, reach } = lookAround(hits.millimetres);
  const open = new Float32Array(size * size).fill(1);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const sampleRow = row * samples;
      const sampleColumn = column * samples;
      const i = sampleRow * hits.size + sampleColumn;
      if (hits.surface[i] === 0) continue;
      const x = hits.normals[i * 3]!;
      const y = hits.normals[i * 3 + 1]!;
      const z = hits.normals[i * 3 + 2]!;
      const length = Math.sqrt(x * x + y * y + z * z) || 1;
      const height = hits.height[i]!;
      let hidden = 0;
      for (let k = 0; k < dx.length; k++) {
        const c = sampleColumn + dx[k]!;
        const r = sampleRow + dy[k]!;
        if (c < 0 || r < 0 || c >= hits.size || r >= hits.size) continue;
        const rise = hits.height[r * hits.size + c]! - height;
        const far = reach[k]!;
        if (!(rise > -far) || rise > APART * far) continue;
        const across = dx[k]! * hits.millimetres;
        const upward = -dy[k]! * hits.millimetres;
        const cosine = (x * across + y * upward + z * rise) / (length * Math.sqrt(far * far + rise * rise));
        if (cosine > 0.1) hidden += cosine - 0.1;
      }
      open[row * size + column] = Math.max(0, 1 - (STRENGTH * hidden) / dx.length) ** 1.5;
    }
  }
  return open;
}

/** Steps in samples to the places looked at, and their distances, mm. */
function lookAround(millimetres: number): {
  readonly dx: Int16Array;
  readonly dy: Int16Array;
  readonly reach: Float32Array;
} {
  const count = DIRECTIONS * DISTANCES.length;
  const [dx, dy, reach] = [new Int16Array(count), new Int16Array(count), new Float32Array(count)];
  for (let k = 0; k < count; k++) {
    const ring = Math.floor(k / DIRECTIONS);
    const angle = ((k % DIRECTIONS) + ring / DISTANCES.length) * ((2 * Math.PI) / DIRECTIONS);
    dx[k] = Math.round((DISTANCES[ring]! * Math.cos(angle)) / millimetres);
    dy[k] = Math.round((DISTANCES[ring]! * Math.sin(angle)) / millimetres);
    reach[k] = Math.max(millimetres, Math.hypot(dx[k]!, dy[k]!) * millimetres);
  }
  return { dx, dy, reach };
}
