import { OUTSIDE } from "./body-cells.ts";
import type { CoarseScan } from "./coarse-scan.ts";

/** Where known materials lie on the scan's scale; nothing where too little of one is in view. */
export interface Calibration {
  /** Median of the air around the body, HU. */
  readonly outsideAir: number | undefined;
  /** Most frequent value of fat, HU. */
  readonly fat: number | undefined;
  /** Most frequent value of muscle and blood, HU. */
  readonly muscle: number | undefined;
}

const PADDING_BELOW = -1100;
const STEP = 10;
const LOWEST = -1100;
/** Fewer cells than this say nothing: about 30 mL. */
const LEAST_CELLS = 500;

/** Finds the peaks of the materials that every scan has. */
export function calibration({ hu, touched }: CoarseScan, inside: Uint8Array): Calibration {
  const air = new Int32Array(80);
  const tissue = new Int32Array(60);
  for (let i = 0; i < hu.length; i++) {
    const value = hu[i]!;
    if (inside[i] === OUTSIDE) {
      // What is divided is not negative, so that cutting off the fraction rounds down.
      if (value >= PADDING_BELOW) air[Math.min(79, ((value - LOWEST) / STEP) | 0)]!++;
    } else if (value >= -300 && value < 300 && touched[i] === 0) tissue[((value + 300) / STEP) | 0]!++;
  }
  return {
    outsideAir: medianOf(air, LOWEST),
    fat: peakOf(tissue, -200, -20),
    muscle: peakOf(tissue, -20, 200),
  };
}

function medianOf(bins: Int32Array, lowest: number): number | undefined {
  const all = bins.reduce((sum, n) => sum + n, 0);
  if (all < LEAST_CELLS) return undefined;
  let below = 0;
  const bin = bins.findIndex((n) => {
    below += n;
    return below * 2 >= all;
  });
  return lowest + (bin + 0.5) * STEP;
}

function peakOf(bins: Int32Array, from: number, to: number): number | undefined {
  const [first, end] = [from, to].map((value) => (value + 300) / STEP) as [number, number];
  let [best, all] = [first, 0];
  for (let i = first; i < end; i++) {
    all += bins[i]!;
    if (bins[i]! > bins[best]!) best = i;
  }
  return all < LEAST_CELLS ? undefined : -300 + (best + 0.5) * STEP;
}
