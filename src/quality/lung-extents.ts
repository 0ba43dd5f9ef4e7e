import { type CoarseScan, LEFT, RIGHT } from "./coarse-scan.ts";

/** Where one lung lies, in cells of the coarse grid; nothing for a lung that is empty. */
export interface LungExtent {
  readonly cells: number;
  readonly centre: readonly [z: number, y: number, x: number];
  /** First and last slice in which the lung has more than a hundredth of its largest slice. */
  readonly low: number;
  readonly high: number;
  /** Cells of each slice. */
  readonly perSlice: Int32Array;
  /** Cells of its largest slice. */
  readonly widest: number;
}

const NEXT_TO_NOTHING = 0.02;

/** Measures both lungs: the right one, then the left one. */
export function lungExtents(coarse: CoarseScan): [right: LungExtent | undefined, left: LungExtent | undefined] {
  return [extentOf(coarse, RIGHT), extentOf(coarse, LEFT)];
}

function extentOf({ shape, region, lungCells }: CoarseScan, side: number): LungExtent | undefined {
  const [nz, ny, nx] = shape;
  const perSlice = new Int32Array(nz);
  const sums = [0, 0, 0];
  let cells = 0;
  for (const i of lungCells) {
    if (region[i] !== side) continue;
    const row = (i / nx) | 0;
    const z = (row / ny) | 0;
    perSlice[z]!++;
    sums[0]! += z;
    sums[1]! += row - z * ny;
    sums[2]! += i - row * nx;
    cells++;
  }
  if (cells === 0) return undefined;
  const widest = Math.max(...perSlice);
  const least = NEXT_TO_NOTHING * widest;
  const low = perSlice.findIndex((n) => n > least);
  const high = perSlice.findLastIndex((n) => n > least);
  const centre = [sums[0]! / cells, sums[1]! / cells, sums[2]! / cells] as const;
  return { cells, centre, low, high, perSlice, widest };
}
