import type { Triple } from "../volume/volume.ts";

/** Where the surface runs, and what a value that is raised becomes: a little inside. */
const LEVEL = 0.5;
const INSIDE = 0.55;

/**
 * Raises values until the surface around all that is at least one half is a manifold: wherever two cells are inside that
 * touch by an edge or a corner only, the surface would touch itself there, and one cell between them is raised.
 *
 * Source: L. Latecki, 3D well-composed pictures, Graphical Models and Image Processing 59 (3), 1997,
 * https://doi.org/10.1006/gmip.1997.0422
 *
 * @param values - C-ordered, changed in place; the outermost layer lies below one half and stays so
 * @returns how many values were raised
 */
export function makeWellComposed(values: Float32Array, [nz, ny, nx]: Triple): number {
  const [sz, sy] = [ny * nx, nx];
  const isInside = (at: number): boolean => values[at]! >= LEVEL;
  let raised = 0;
  const raise = (at: number): void => {
    values[at] = INSIDE;
    raised++;
  };
  /** Of four values around an edge, `b` and `c` lie opposite each other. */
  const mendFace = (a: number, b: number, c: number, d: number): void => {
    if (isInside(a) && isInside(d) && !isInside(b) && !isInside(c)) raise(values[b]! >= values[c]! ? b : c);
    else if (isInside(b) && isInside(c) && !isInside(a) && !isInside(d)) raise(values[a]! >= values[d]! ? a : d);
  };
  for (let before = -1; raised > before; ) {
    before = raised;
    for (let z = 1; z < nz - 2; z++) {
      for (let y = 1; y < ny - 2; y++) {
        for (let x = 1, at = z * sz + y * sy + 1; x < nx - 2; x++, at++) {
          mendFace(at, at + 1, at + sy, at + sy + 1);
          mendFace(at, at + 1, at + sz, at + sz + 1);
          mendFace(at, at + sy, at + sz, at + sz + sy);
          mendCube(at);
        }
      }
    }
  }
  return raised;

  /** Of eight values around a corner, two opposite ones that alone are inside, or alone outside. */
  function mendCube(at: number): void {
    for (const [from, to] of [
      [at, at + sz + sy + 1],
      [at + 1, at + sz + sy],
      [at + sy, at + sz + 1],
      [at + sz, at + sy + 1],
    ] as const) {
      const side = isInside(from);
      if (isInside(to) !== side) continue;
      let others = 0;
      for (const corner of [at, at + 1, at + sy, at + sy + 1, at + sz, at + sz + 1, at + sz + sy, at + sz + sy + 1]) {
        if (isInside(corner) === side) others++;
      }
      if (others !== 2) continue;
      // Outside: one of the two is raised. Inside: the path between them along one edge after the other.
      if (!side) raise(from);
      else for (const corner of pathBetween(from, to)) if (!isInside(corner)) raise(corner);
      return;
    }
  }

  function pathBetween(from: number, to: number): [number, number] {
    // The two differ by one step along each axis; the steps along x and y lead on.
    const stepX = (to % nx) - (from % nx);
    const stepY = (Math.floor(to / nx) % ny) - (Math.floor(from / nx) % ny);
    return [from + stepX, from + stepX + stepY * sy];
  }
}
