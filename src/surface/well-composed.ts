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
  const steps = [0, 1, sy, sy + 1, sz, sz + 1, sz + sy, sz + sy + 1];
  const inside = new Uint8Array(values.length);
  for (let i = 0; i < inside.length; i++) inside[i] = values[i]! >= LEVEL ? 1 : 0;
  let raised = 0;
  for (let before = -1; raised > before; ) {
    before = raised;
    for (let z = 1; z < nz - 2; z++) {
      for (let y = 1; y < ny - 2; y++) {
        // Which of a cell's eight corners are inside, a bit each; the lower four are the upper four of the cell before.
        let at = z * sz + y * sy + 1;
        let high = column(at);
        for (let x = 1; x < nx - 2; x++, at++) {
          let pattern = high;
          high = column(at + 1);
          pattern |= high << 1;
          const lacking = LACKING[pattern]!;
          if (lacking === 0) continue;
          for (let corner = 0; corner < 8; corner++) {
            if (!(lacking & (1 << corner))) continue;
            inside[at + steps[corner]!] = 1;
            values[at + steps[corner]!] = INSIDE;
            raised++;
          }
          high = column(at + 1);
        }
      }
    }
  }
  return raised;

  /** The four corners of a cell's lower side along x: bits 0, 2, 4 and 6. */
  function column(at: number): number {
    return inside[at]! | (inside[at + sy]! << 2) | (inside[at + sz]! << 4) | (inside[at + sz + sy]! << 6);
  }
}

/** Of a cell's corners, bit 0 of the number is x, bit 1 y, bit 2 z. Those of each side, opposite ones first and last. */
const FACES = [
  [0, 1, 2, 3],
  [4, 5, 6, 7],
  [0, 1, 4, 5],
  [2, 3, 6, 7],
  [0, 2, 4, 6],
  [1, 3, 5, 7],
] as const;

/** For each pattern of corners inside, the corners that must come inside too; none for most. */
const LACKING: Uint8Array = Uint8Array.from({ length: 256 }, (_, pattern) => {
  let filled = pattern;
  const has = (corner: number): boolean => (filled & (1 << corner)) !== 0;
  for (let before = -1; before !== filled; ) {
    before = filled;
    for (const [a, b, c, d] of FACES) {
      if (has(a) && has(d) && !has(b) && !has(c)) filled |= 1 << b;
      else if (has(b) && has(c) && !has(a) && !has(d)) filled |= 1 << a;
    }
    for (const corner of [0, 1, 2, 3]) {
      const pair = (1 << corner) | (1 << (7 - corner));
      // Two opposite corners alone are inside: a way along three edges joins them. They alone are outside: one comes in.
      if (filled === pair) filled |= (1 << (corner ^ 1)) | (1 << (corner ^ 3));
      if (filled === (~pair & 255)) filled |= 1 << corner;
    }
  }
  return filled & ~pattern;
});
