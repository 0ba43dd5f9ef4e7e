import type { Mesh } from "../volume/mesh.ts";

const HEADER_BYTES = 84;
const TRIANGLE_BYTES = 50;

/**
 * A surface as a binary STL file, in millimetres.
 *
 * @param mesh - as it is written, so LPS coordinates for a mesh from `surfaceOf`
 * @returns bytes of the `.stl` file
 */
export function encodeStl({ positions, triangles }: Mesh): Uint8Array {
  const count = triangles.length / 3;
  const out = new Uint8Array(HEADER_BYTES + count * TRIANGLE_BYTES);
  const view = new DataView(out.buffer);
  out.set(new TextEncoder().encode("binary STL, millimetres, LPS"));
  view.setUint32(80, count, true);
  for (let t = 0; t < count; t++) {
    const at = HEADER_BYTES + t * TRIANGLE_BYTES;
    const [a, b, c] = [3 * triangles[3 * t]!, 3 * triangles[3 * t + 1]!, 3 * triangles[3 * t + 2]!];
    const normal = normalOf(positions, a, b, c);
    for (let k = 0; k < 3; k++) {
      view.setFloat32(at + 4 * k, normal[k]!, true);
      view.setFloat32(at + 12 + 4 * k, positions[a + k]!, true);
      view.setFloat32(at + 24 + 4 * k, positions[b + k]!, true);
      view.setFloat32(at + 36 + 4 * k, positions[c + k]!, true);
    }
  }
  return out;
}

/** Unit normal of a triangle; zeros where it has no area. */
function normalOf(p: Float32Array, a: number, b: number, c: number): [number, number, number] {
  const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
  const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
  const n: [number, number, number] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  const length = Math.hypot(...n) || 1;
  return [n[0] / length, n[1] / length, n[2] / length];
}
