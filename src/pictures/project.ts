import type { Surface } from "../surface/surface.ts";
import type { Point } from "../volume/affine.ts";
import type { ViewAxes } from "./view.ts";

/** Surfaces as a viewer sees them, on a square of samples. */
export interface Scene {
  /** Samples along a side. */
  readonly size: number;
  /** Side of a sample, mm. */
  readonly millimetres: number;
  readonly parts: readonly ProjectedSurface[];
}

/** One surface in the coordinates of the view. */
export interface ProjectedSurface {
  /** Three numbers a vertex: column and row in samples, and height towards the viewer, mm. */
  readonly places: Float32Array;
  /** Three numbers a vertex: the normal to the right, up and towards the viewer. */
  readonly normals: Float32Array;
  readonly triangles: Uint32Array;
}

/** Share of the picture's side that its contents may take. */
const FILL = 0.9;

/**
 * Turns surfaces into the coordinates of a view, their common bounding box in its middle.
 *
 * @param surfaces - LPS millimetres
 * @param axes - the view's directions
 * @param size - samples along the picture's side
 * @param millimetres - side of a sample; default: what makes room for the box from all six sides
 * and for the vertices from this one
 */
export function projectSurfaces(
  surfaces: readonly Surface[],
  axes: ViewAxes,
  size: number,
  millimetres?: number,
): Scene {
  const { centre, extent } = boundsOf(surfaces);
  const widest = Math.max(...extent, 2 * reach(surfaces, centre, axes.right), 2 * reach(surfaces, centre, axes.up));
  const scale = millimetres ?? Math.max(widest, 1) / (FILL * size);
  return {
    size,
    millimetres: scale,
    parts: surfaces.map(({ positions, normals, triangles }) => ({
      places: places(positions, centre, axes, size, scale),
      normals: turned(normals, axes),
      triangles,
    })),
  };
}

/** How far from the centre vertices lie along a direction and against it, mm. */
function reach(surfaces: readonly Surface[], [l, p, s]: Point, direction: Point): number {
  let most = 0;
  for (const { positions } of surfaces) {
    for (let i = 0; i < positions.length; i += 3) {
      const along =
        direction[0] * (positions[i]! - l) +
        direction[1] * (positions[i + 1]! - p) +
        direction[2] * (positions[i + 2]! - s);
      most = Math.max(most, Math.abs(along));
    }
  }
  return most;
}

/** Middle and lengths of the smallest box around all vertices; both 0 when there is none. */
function boundsOf(surfaces: readonly Surface[]): { readonly centre: Point; readonly extent: Point } {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const { positions } of surfaces) {
    for (let i = 0; i < positions.length; i++) {
      const axis = i % 3;
      const value = positions[i]!;
      if (value < low[axis]!) low[axis] = value;
      if (value > high[axis]!) high[axis] = value;
    }
  }
  if (low[0] === Infinity) return { centre: [0, 0, 0], extent: [0, 0, 0] };
  return {
    centre: low.map((value, i) => (value + high[i]!) / 2) as unknown as Point,
    extent: low.map((value, i) => high[i]! - value) as unknown as Point,
  };
}

function places(positions: Float32Array, centre: Point, axes: ViewAxes, size: number, scale: number): Float32Array {
  const { right, up, near } = axes;
  const out = new Float32Array(positions.length);
  for (let i = 0; i < out.length; i += 3) {
    const l = positions[i]! - centre[0];
    const p = positions[i + 1]! - centre[1];
    const s = positions[i + 2]! - centre[2];
    out[i] = size / 2 + (right[0] * l + right[1] * p + right[2] * s) / scale;
    out[i + 1] = size / 2 - (up[0] * l + up[1] * p + up[2] * s) / scale;
    out[i + 2] = near[0] * l + near[1] * p + near[2] * s;
  }
  return out;
}

function turned(normals: Float32Array, { right, up, near }: ViewAxes): Float32Array {
  const out = new Float32Array(normals.length);
  for (let i = 0; i < out.length; i += 3) {
    const l = normals[i]!;
    const p = normals[i + 1]!;
    const s = normals[i + 2]!;
    out[i] = right[0] * l + right[1] * p + right[2] * s;
    out[i + 1] = up[0] * l + up[1] * p + up[2] * s;
    out[i + 2] = near[0] * l + near[1] * p + near[2] * s;
  }
  return out;
}
