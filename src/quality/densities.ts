import { type CoarseScan, LEFT, RIGHT } from "./coarse-scan.ts";

/** What one lung's mask holds. */
export interface Densities {
  /** HU. */
  readonly mean: number;
  /** Standard deviation between the coarse cells, HU. */
  readonly spread: number;
  /** Share of soft tissue, 0 to 1. */
  readonly tissue: number;
  /** Share of cells between healthy lung and tissue. */
  readonly hazy: number;
}

const TISSUE_ABOVE = -200;
const HAZY_ABOVE = -700;

/** Measures what the cells that lie wholly within each lung hold: the right lung, then the left one. */
export function densities(coarse: CoarseScan): [right: Densities | undefined, left: Densities | undefined] {
  return [densitiesOf(coarse, RIGHT), densitiesOf(coarse, LEFT)];
}

function densitiesOf({ region, hu, lungCells }: CoarseScan, side: number): Densities | undefined {
  let [cells, sum, squares, tissue, hazy] = [0, 0, 0, 0, 0];
  for (const i of lungCells) {
    if (region[i] !== side) continue;
    const value = hu[i]!;
    cells++;
    sum += value;
    squares += value * value;
    if (value > TISSUE_ABOVE) tissue++;
    else if (value > HAZY_ABOVE) hazy++;
  }
  if (cells === 0) return undefined;
  const mean = sum / cells;
  return {
    mean,
    spread: Math.sqrt(Math.max(0, squares / cells - mean * mean)),
    tissue: tissue / cells,
    hazy: hazy / cells,
  };
}
