import type { BitVolume } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";
import { boundingBox } from "./box.ts";
import { extractRuns, type Runs } from "./runs.ts";

/**
 * Distances to the nearest true voxel of a mask, a site, computed as scipy's
 * `distance_transform_edt` does, rounding errors included.
 *
 * Several sites may be equally near, and yet their distances differ in the last bit. Which of them
 * scipy meets follows from its algorithm (Maurer's): the nearest site is found along z, then y,
 * then x, and each line keeps only those sites whose Voronoi cell meets the line. Here only those
 * lines are followed that lead to a voxel whose distance is asked for; the time for a plane is at
 * most in proportion to its pixels.
 *
 * kernels/feature-transform.ts does the same for two masks at once.
 *
 * @see C. R. Maurer, R. Qi, V. Raghavan, IEEE Trans. PAMI 25 (2003) 265–270, doi:10.1109/TPAMI.2003.1177156
 */
export class FeatureTransform {
  private readonly shape: Triple;
  private readonly low: Triple;
  private readonly high: Triple;
  /** The mask with its bits along z: column (y, x) begins at word `(y * nx + x) * depth`. */
  private readonly columns: Uint32Array;
  private readonly depth: number;
  private readonly line: Line;
  /** Squared distance across x, for each row and column of a plane. */
  private readonly offLine: Float64Array;

  /** @param spacing - `[z, y, x]`, mm */
  constructor(
    mask: BitVolume,
    private readonly spacing: Triple,
  ) {
    const [nz, ny, nx] = mask.shape;
    this.shape = mask.shape;
    ({ low: this.low, high: this.high } = boundingBox(mask) ?? { low: [0, 0, 0], high: [0, 0, 0] });
    this.depth = (nz + 31) >>> 5;
    this.columns = new Uint32Array(ny * nx * this.depth);
    this.line = new Line(Math.max(ny, nx));
    this.offLine = new Float64Array(ny * nx);
    const { start, end, rowStart } = extractRuns(mask);
    for (let row = 0; row < nz * ny; row++) {
      const z = Math.floor(row / ny);
      for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
        for (let x = start[i]!; x < end[i]!; x++) {
          this.columns[((row % ny) * nx + x) * this.depth + (z >> 5)]! |= 1 << (z & 31);
        }
      }
    }
  }

  /**
   * Computes the distance of each voxel of a plane's runs.
   *
   * @param runs - of a mask of the same shape
   * @param reach - sites so many rows or columns away from all of the plane's runs are left out
   * @param out - receives them at `y * nx + x`, mm; Infinity where there is no site
   */
  distances(z: number, runs: Runs, reach: readonly [rows: number, columns: number], out: Float64Array): void {
    const [, ny, nx] = this.shape;
    const rows: number[] = [];
    let [left, right] = [nx, 0];
    for (let y = 0; y < ny; y++) {
      const from = runs.rowStart[z * ny + y]!;
      const to = runs.rowStart[z * ny + y + 1]!;
      if (from === to) continue;
      rows.push(y);
      left = Math.min(left, runs.start[from]!);
      right = Math.max(right, runs.end[to - 1]!);
    }
    if (rows.length === 0) return;
    const y0 = Math.max(this.low[1], rows[0]! - reach[0]);
    const y1 = Math.min(this.high[1], rows.at(-1)! + 1 + reach[0]);
    const x0 = Math.max(this.low[2], left - reach[1]);
    const x1 = Math.min(this.high[2], right + reach[1]);
    for (let x = x0; x < x1; x++) this.alongColumn(z, x, y0, y1, rows);
    for (const y of rows) this.alongRow(y, x0, x1, runs, z * ny + y, out);
  }

  private alongColumn(z: number, x: number, y0: number, y1: number, rows: readonly number[]): void {
    const { line, offLine, spacing } = this;
    const nx = this.shape[2];
    line.begin(spacing[1]);
    for (let y = y0; y < y1; y++) {
      const steps = this.stepsToNearest(z, (y * nx + x) * this.depth);
      if (steps >= 0) line.keep(y, (steps * spacing[0]) ** 2);
    }
    for (const y of rows) offLine[y * nx + x] = line.squaredTo(y);
  }

  private alongRow(y: number, x0: number, x1: number, runs: Runs, row: number, out: Float64Array): void {
    const { line, offLine, spacing } = this;
    const at = y * this.shape[2];
    line.begin(spacing[2]);
    for (let x = x0; x < x1; x++) if (offLine[at + x] !== Infinity) line.keep(x, offLine[at + x]!);
    for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
      for (let x = runs.start[i]!; x < runs.end[i]!; x++) out[at + x] = Math.sqrt(line.squaredTo(x));
    }
  }

  /** Planes from `z` to the nearest site of a column, −1 if there is none. */
  private stepsToNearest(z: number, column: number): number {
    const { columns, depth } = this;
    const w = z >> 5;
    const here = columns[column + w]!;
    let below = here << (31 - (z & 31));
    let above = here >>> (z & 31);
    let least = Infinity;
    if (below !== 0) least = Math.clz32(below);
    for (let i = w - 1; i >= 0 && least === Infinity; i--) {
      below = columns[column + i]!;
      if (below !== 0) least = z - 32 * i - 31 + Math.clz32(below);
    }
    if (above !== 0) return Math.min(least, 31 - Math.clz32(above & -above));
    for (let i = w + 1; i < depth && 32 * i - z < least; i++) {
      above = columns[column + i]!;
      if (above !== 0) return Math.min(least, 32 * i - z + 31 - Math.clz32(above & -above));
    }
    return least === Infinity ? -1 : least;
  }
}

/** The sites of a line along one axis whose cells meet it, in ascending order. */
class Line {
  private readonly position: Float64Array;
  /** Squared distance across the line's axis. */
  private readonly offLine: Float64Array;
  private count = 0;
  private at = 0;
  private spacing = 1;

  constructor(length: number) {
    this.position = new Float64Array(length);
    this.offLine = new Float64Array(length);
  }

  begin(spacing: number): void {
    this.count = 0;
    this.at = 0;
    this.spacing = spacing;
  }

  /** Adds a site behind the others and drops those that it hides. */
  keep(w: number, offLineW: number): void {
    const { position, offLine, spacing } = this;
    while (this.count > 1) {
      const v = this.count - 1;
      const a = (position[v]! - position[v - 1]!) * spacing;
      const b = (w - position[v]!) * spacing;
      const c = a + b;
      if (c * offLine[v]! - b * offLine[v - 1]! - a * offLineW - a * b * c <= 0) break;
      this.count--;
    }
    position[this.count] = w;
    offLine[this.count++] = offLineW;
  }

  /** Squared distance from a position of the line, none before the one of the last call. */
  squaredTo(position: number): number {
    if (this.count === 0) return Infinity;
    let nearest = this.squared(this.at, position);
    for (; this.at + 1 < this.count; this.at++) {
      const next = this.squared(this.at + 1, position);
      if (nearest <= next) break;
      nearest = next;
    }
    return nearest;
  }

  private squared(i: number, position: number): number {
    const t = (this.position[i]! - position) * this.spacing;
    return this.offLine[i]! + t * t;
  }
}
