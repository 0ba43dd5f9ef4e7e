import type { Triple } from "../volume/volume.ts";

/** A surface in the coordinates of the grid that it was found on. */
export interface GridSurface {
  /** Three numbers a vertex: fractional index `[z, y, x]`. */
  readonly vertices: Float32Array;
  /** Three numbers a vertex: change of the values a step, `[z, y, x]`. */
  readonly gradients: Float32Array;
  /** Three vertices a triangle; counter-clockwise seen from outside where z, y, x are right-handed. */
  readonly triangles: Uint32Array;
}

/** Where the surface runs. */
const LEVEL = 0.5;

/**
 * Finds the surface between values of at least one half and values below, with one vertex in each
 * cell that it crosses: the mean of the crossings of the cell's edges. Each edge of the grid that
 * crosses the surface gives one quadrilateral between the four cells around it.
 *
 * Source: S. F. F. Gibson, Constrained elastic surface nets, MICCAI 1998,
 * https://doi.org/10.1007/BFb0056277, without the relaxation.
 *
 * @param values - C-ordered; the outermost layer must lie below one half
 * @param shape - `[z, y, x]`
 */
export function surfaceNets(values: Float32Array, shape: Triple): GridSurface {
  const [nz, ny, nx] = shape;
  const slice = ny * nx;
  const vertices: number[] = [];
  const gradients: number[] = [];
  const triangles: number[] = [];
  // Vertex of each cell, for the layer of cells that is made and the one before.
  let before = new Int32Array(slice);
  let layer = new Int32Array(slice);
  const corners = new Float64Array(8);

  const quad = (a: number, b: number, c: number, d: number, flipped: boolean) => {
    if (flipped) triangles.push(a, c, b, a, d, c);
    else triangles.push(a, b, c, a, c, d);
  };

  for (let z = 0; z < nz - 1; z++) {
    for (let y = 0; y < ny - 1; y++) {
      let at = z * slice + y * nx;
      let low = signs(values, at, nx, slice);
      for (let x = 0; x < nx - 1; x++, at++) {
        const high = signs(values, at + 1, nx, slice);
        const pattern = low | (high << 4);
        low = high;
        if (pattern === 0 || pattern === 255) continue;
        for (let i = 0; i < 4; i++) {
          const corner = at + (i & 1 ? nx : 0) + (i & 2 ? slice : 0);
          corners[i] = values[corner]!;
          corners[i + 4] = values[corner + 1]!;
        }
        const cell = y * nx + x;
        const own = vertices.length / 3;
        layer[cell] = own;
        addVertex(vertices, gradients, corners, z, y, x);
        // Edges that begin at the cell's lowest corner; the cells around them are made by now.
        const inside = (pattern & 1) === 1;
        if ((((pattern >> 4) & 1) === 1) !== inside)
          quad(own, before[cell]!, before[cell - nx]!, layer[cell - nx]!, !inside);
        if ((((pattern >> 1) & 1) === 1) !== inside)
          quad(own, layer[cell - 1]!, before[cell - 1]!, before[cell]!, !inside);
        if ((((pattern >> 2) & 1) === 1) !== inside)
          quad(own, layer[cell - nx]!, layer[cell - nx - 1]!, layer[cell - 1]!, !inside);
      }
    }
    [before, layer] = [layer, before];
  }
  return {
    vertices: new Float32Array(vertices),
    gradients: new Float32Array(gradients),
    triangles: new Uint32Array(triangles),
  };
}

/** Which of the four corners of a cell's lower or upper side along x are inside: bit 0 for y, bit 1 for z. */
function signs(values: Float32Array, at: number, nx: number, slice: number): number {
  return (
    (values[at]! >= LEVEL ? 1 : 0) |
    (values[at + nx]! >= LEVEL ? 2 : 0) |
    (values[at + slice]! >= LEVEL ? 4 : 0) |
    (values[at + slice + nx]! >= LEVEL ? 8 : 0)
  );
}

/** The twelve edges of a cell as pairs of corners; of a corner, bit 0 is y, bit 1 is z, bit 2 is x. */
const EDGES = [0, 1, 2, 3, 4, 5, 6, 7, 0, 2, 1, 3, 4, 6, 5, 7, 0, 4, 1, 5, 2, 6, 3, 7];

/** Adds the mean of the crossings of a cell's edges, and the slope of the values there. */
function addVertex(vertices: number[], gradients: number[], c: Float64Array, z: number, y: number, x: number): void {
  let dz = 0;
  let dy = 0;
  let dx = 0;
  let crossings = 0;
  for (let e = 0; e < 24; e += 2) {
    const a = EDGES[e]!;
    const b = EDGES[e + 1]!;
    const from = c[a]!;
    const to = c[b]!;
    if (from >= LEVEL === to >= LEVEL) continue;
    const t = (LEVEL - from) / (to - from);
    dy += (a & 1) + t * ((b & 1) - (a & 1));
    dz += ((a >> 1) & 1) + t * (((b >> 1) & 1) - ((a >> 1) & 1));
    dx += (a >> 2) + t * ((b >> 2) - (a >> 2));
    crossings++;
  }
  dz /= crossings;
  dy /= crossings;
  dx /= crossings;
  vertices.push(z + dz, y + dy, x + dx);
  gradients.push(
    bilinear(c[2]! - c[0]!, c[3]! - c[1]!, c[6]! - c[4]!, c[7]! - c[5]!, dy, dx),
    bilinear(c[1]! - c[0]!, c[3]! - c[2]!, c[5]! - c[4]!, c[7]! - c[6]!, dz, dx),
    bilinear(c[4]! - c[0]!, c[5]! - c[1]!, c[6]! - c[2]!, c[7]! - c[3]!, dy, dz),
  );
}

/** Between a and b by `s`, between c and d by `s`, and between these by `t`. */
function bilinear(a: number, b: number, c: number, d: number, s: number, t: number): number {
  return (a + (b - a) * s) * (1 - t) + (c + (d - c) * s) * t;
}
