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
/** Samples along each side of a cell, so that the cost does not grow with the scan's resolution. */
const SAMPLES = 2;

/** Brings a scan and its masks to cells of about 4 mm: eight samples each, less where the scan's own voxels are larger. */
export function coarseScan(volume: Volume<Int16Array>, { right, left, airways }: QualityMasks): CoarseScan {
  const { voxels, spacing, affine, shape: fine } = volume;
  const [, ny, nx] = fine;
  const factors = spacing.map((mm, i) => Math.min(fine[i]!, Math.max(1, Math.round(CELL_MM / mm))));
  const shape = fine.map((n, i) => Math.floor(n / factors[i]!)) as unknown as Triple;
  const cells = shape[0] * shape[1] * shape[2];
  const [zs, ys, xs] = [false, affine[5] < 0, affine[2] < 0].map((isFlipped, i) =>
    samplesOf(shape[i]!, factors[i]!, isFlipped),
  ) as [Samples, Samples, Samples];
  const sums = new Int32Array(cells);
  const masks = [right, left, ...(airways === undefined ? [] : [airways])];
  const counts = masks.map(() => new Uint8Array(cells));
  for (let i = 0; i < zs.at.length; i++) {
    for (let j = 0; j < ys.at.length; j++) {
      const row = zs.at[i]! * ny + ys.at[j]!;
      const to = (zs.cell[i]! * shape[1] + ys.cell[j]!) * shape[2];
      addSamples(voxels, row * nx, xs, sums, to);
      for (let m = 0; m < masks.length; m++) addBits(masks[m]!, row, xs, counts[m]!, to);
    }
  }
  const each = (zs.at.length * ys.at.length * xs.at.length) / cells;
  const hu = new Int16Array(cells);
  for (let i = 0; i < cells; i++) hu[i] = Math.round(sums[i]! / each);
  return {
    shape,
    spacing: spacing.map((mm, i) => mm * factors[i]!) as unknown as Triple,
    hu,
    ...regionsOf(counts, each),
  };
}

function regionsOf(
  [right, left, airways]: readonly Uint8Array[],
  each: number,
): Pick<CoarseScan, "region" | "touched" | "lungCells"> {
  const cells = right!.length;
  const region = new Uint8Array(cells);
  const touched = new Uint8Array(cells);
  const lungCells = new Int32Array(cells);
  let found = 0;
  for (let i = 0; i < cells; i++) {
    const [r, l, a] = [right![i]!, left![i]!, airways === undefined ? 0 : airways[i]!];
    const all = r + l + a;
    if (all === 0) continue;
    touched[i] = 1;
    if (2 * all < each) continue;
    const isAirway = a > r && a > l;
    region[i] = isAirway ? AIRWAY : r >= l ? RIGHT : LEFT;
    if (!isAirway) lungCells[found++] = i;
  }
  return { region, touched, lungCells: lungCells.slice(0, found) };
}

function addSamples(voxels: Int16Array, from: number, { at, cell }: Samples, sums: Int32Array, to: number): void {
  for (let k = 0; k < at.length; k++) sums[to + cell[k]!]! += voxels[from + at[k]!]!;
}

function addBits(
  { words, wordsPerRow }: BitVolume,
  row: number,
  { at, cell }: Samples,
  counts: Uint8Array,
  to: number,
) {
  const from = row * wordsPerRow;
  let any = 0;
  for (let w = from; w < from + wordsPerRow; w++) any |= words[w]!;
  if (any === 0) return;
  for (let k = 0; k < at.length; k++) counts[to + cell[k]!]! += (words[from + (at[k]! >> 5)]! >>> (at[k]! & 31)) & 1;
}

/** Indices along an axis of the scan, and the cells that they are samples of. */
interface Samples {
  readonly at: Int32Array;
  readonly cell: Int32Array;
}

function samplesOf(cells: number, factor: number, isFlipped: boolean): Samples {
  const n = Math.min(factor, SAMPLES);
  const at = new Int32Array(cells * n);
  const cell = new Int32Array(cells * n);
  for (let k = 0; k < at.length; k++) {
    const c = Math.floor(k / n);
    at[k] = c * factor + Math.floor((((k % n) + 0.5) * factor) / n);
    cell[k] = isFlipped ? cells - 1 - c : c;
  }
  return { at, cell };
}
