import type { BitVolume } from "../volume/bit-volume.ts";
import type { Triple, Volume } from "../volume/volume.ts";

/** A scan and its lungs on a grid of cells of about 4 mm: what the verdict is measured on. */
export interface CoarseScan {
  /** Cells `[z, y, x]`; y runs to the patient's back and x to the left, whichever way the scan's own axes run. */
  readonly shape: Triple;
  /** Millimetres between cells. */
  readonly spacing: Triple;
  /** Mean of the samples of each cell, HU. */
  readonly hu: Int16Array;
  /** `RIGHT`, `LEFT` or `AIRWAY` where at least half of the cell's samples are in a mask, else 0. */
  readonly region: Uint8Array;
  /** Cells of both lungs, ascending: an eighth of all, so that most measurements need not look at the rest. */
  readonly lungCells: Int32Array;
  /** 1 where any sample of the cell is in a mask. */
  readonly touched: Uint8Array;
}

/** The masks of a case; all of the scan's shape. */
export interface QualityMasks {
  readonly right: BitVolume;
  readonly left: BitVolume;
  /** Trachea and bronchi, where they are known apart from the lungs. */
  readonly airways?: BitVolume;
}

/** Marks of {@link CoarseScan.region}. */
export const RIGHT = 1;
export const LEFT = 2;
export const AIRWAY = 3;

const CELL_MM = 4;
/**
 * Brings a scan and its masks to cells of about 4 mm. Each is eight samples, two along each axis, so that the cost does
 * not grow with the scan's resolution; where the scan's own voxels are that large, samples coincide.
 */
export function coarseScan(volume: Volume<Int16Array>, { right, left, airways }: QualityMasks): CoarseScan {
  const { voxels, spacing, affine, shape: fine } = volume;
  const [, ny, nx] = fine;
  const factors = spacing.map((mm, i) => Math.min(fine[i]!, Math.max(1, Math.round(CELL_MM / mm))));
  const shape = fine.map((n, i) => Math.floor(n / factors[i]!)) as unknown as Triple;
  const [cz, cy, cx] = shape;
  const [zs, ys, xs] = [false, affine[5] < 0, affine[2] < 0].map((isFlipped, i) =>
    samplesOf(shape[i]!, factors[i]!, isFlipped),
  ) as [Int32Array, Int32Array, Int32Array];
  const cells = cz * cy * cx;
  const hu = new Int16Array(cells);
  const region = new Uint8Array(cells);
  const touched = new Uint8Array(cells);
  const lungCells = new Int32Array(cells);
  const masks = [right, left, ...(airways === undefined ? [] : [airways])];
  const counts = masks.map(() => new Uint8Array(cx));
  let found = 0;
  for (let z = 0, to = 0; z < cz; z++) {
    for (let y = 0; y < cy; y++, to += cx) {
      // The four rows of samples that the row of cells is made of.
      const [upper, lower] = [zs[2 * z]! * ny, zs[2 * z + 1]! * ny];
      const rows = [upper + ys[2 * y]!, upper + ys[2 * y + 1]!, lower + ys[2 * y]!, lower + ys[2 * y + 1]!] as Rows;
      meanOfRows(voxels, rows, nx, xs, hu, to);
      let any = 0;
      for (let m = 0; m < masks.length; m++) any |= countBits(masks[m]!, rows, xs, counts[m]!);
      if (any === 0) continue;
      const [inRight, inLeft, inAirways] = counts as [Uint8Array, Uint8Array, Uint8Array | undefined];
      for (let x = 0; x < cx; x++) {
        const [r, l, a] = [inRight[x]!, inLeft[x]!, inAirways === undefined ? 0 : inAirways[x]!];
        const all = r + l + a;
        if (all === 0) continue;
        touched[to + x] = 1;
        if (2 * all < EACH) continue;
        const isAirway = a > r && a > l;
        region[to + x] = isAirway ? AIRWAY : r >= l ? RIGHT : LEFT;
        if (!isAirway) lungCells[found++] = to + x;
      }
    }
  }
  return {
    shape,
    spacing: spacing.map((mm, i) => mm * factors[i]!) as unknown as Triple,
    hu,
    region,
    touched,
    lungCells: lungCells.slice(0, found),
  };
}

/** Samples of a cell. */
const EACH = 8;

/** Numbers of four rows of the scan. */
type Rows = readonly [number, number, number, number];

function meanOfRows(voxels: Int16Array, rows: Rows, nx: number, xs: Int32Array, hu: Int16Array, to: number): void {
  const [a, b, c, d] = [rows[0] * nx, rows[1] * nx, rows[2] * nx, rows[3] * nx];
  for (let k = 0, at = to; k < xs.length; k += 2, at++) {
    const [i, j] = [xs[k]!, xs[k + 1]!];
    const one = voxels[a + i]! + voxels[b + i]! + voxels[c + i]! + voxels[d + i]!;
    const other = voxels[a + j]! + voxels[b + j]! + voxels[c + j]! + voxels[d + j]!;
    hu[at] = Math.round((one + other) / EACH);
  }
}

/** Counts the samples of each cell of a row that are in a mask; 0 when none is, and then nothing is counted. */
function countBits({ words, wordsPerRow }: BitVolume, rows: Rows, xs: Int32Array, counts: Uint8Array): number {
  const [a, b, c, d] = [rows[0] * wordsPerRow, rows[1] * wordsPerRow, rows[2] * wordsPerRow, rows[3] * wordsPerRow];
  let any = 0;
  for (let w = 0; w < wordsPerRow; w++) any |= words[a + w]! | words[b + w]! | words[c + w]! | words[d + w]!;
  counts.fill(0);
  if (any === 0) return 0;
  for (let k = 0, at = 0; k < xs.length; at++) {
    let count = 0;
    for (const end = k + 2; k < end; k++) {
      const [w, bit] = [xs[k]! >> 5, xs[k]! & 31];
      count += (words[a + w]! >>> bit) & 1;
      count += (words[b + w]! >>> bit) & 1;
      count += (words[c + w]! >>> bit) & 1;
      count += (words[d + w]! >>> bit) & 1;
    }
    counts[at] = count;
  }
  return any;
}

/** Two indices along an axis of the scan for each cell. */
function samplesOf(cells: number, factor: number, isFlipped: boolean): Int32Array {
  const at = new Int32Array(2 * cells);
  for (let c = 0; c < cells; c++) {
    const from = (isFlipped ? cells - 1 - c : c) * factor;
    at[2 * c] = from + Math.floor((0.5 * factor) / 2);
    at[2 * c + 1] = from + Math.floor((1.5 * factor) / 2);
  }
  return at;
}
