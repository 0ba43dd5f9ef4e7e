import { type OptionTable, withDefaults } from "../../options.ts";
import type { WorkGrid } from "./work-grid.ts";

/** How a scan's values lead to Hounsfield units: `hu = scale * value + offset`. */
export interface Calibration {
  readonly scale: number;
  readonly offset: number;
  /** Value of air and of muscle as they were found, before any correction; NaN where there was too little of it. */
  readonly air: number;
  readonly muscle: number;
}

/** Options of {@link calibration}. */
export const CALIBRATE_OPTIONS = {
  /** Air may be off by so much before values are corrected, HU: noise and clipping add to what scanners are held to. */
  tolerance: { default: 60, unit: "HU", least: 0, label: "Tolerance of air", by: 5 },
} as const satisfies OptionTable;

/** Options of {@link calibration}; those left out have their defaults. */
export interface CalibrateOptions {
  readonly tolerance?: number;
}

/** Air and muscle by definition of the scale and as measured, HU. */
const AIR = -1000;
const MUSCLE = 50;

/**
 * Finds out whether a scan is in Hounsfield units, and how to correct it if it is not: by its air, the darkest
 * of what is dark, and its muscle, the brightest of the peaks of soft tissue.
 *
 * Air is the hundredth part of dark voxels that is darkest, so that the air of the airways is enough
 * where the body fills the field of view. The value of padding around the field of view is left out.
 */
export function calibration(grid: WorkGrid, options: CalibrateOptions = {}): Calibration {
  const { tolerance } = withDefaults(CALIBRATE_OPTIONS, options);
  const { mean } = grid;
  const counts = new Int32Array(65536);
  for (let i = 0; i < mean.length; i++) counts[mean[i]! + 32768]!++;
  const split = otsu(counts);
  const air = darkest(withoutPadding(grid, counts), split);
  const muscle = brightPeak(counts, Number.isNaN(air) ? AIR : air);
  if (Number.isNaN(air) || Math.abs(air - AIR) <= tolerance) return { scale: 1, offset: 0, air, muscle };
  const scale = Number.isNaN(muscle) ? 1 : Math.min(1.5, Math.max(0.67, (MUSCLE - AIR) / (muscle - air)));
  return { scale, offset: AIR - scale * air, air, muscle };
}

/** Corrects the grid's values. */
export function calibrated(grid: WorkGrid, { scale, offset }: Calibration): WorkGrid {
  if (scale === 1 && offset === 0) return grid;
  const correct = (v: number) => Math.max(-1100, Math.min(3071, Math.round(scale * v + offset)));
  return { ...grid, mean: grid.mean.map(correct), most: grid.most.map(correct) };
}

/** The value of padding: that of all four corners of the middle slice, where nothing is darker. */
function paddingOf({ mean, shape: [nz, ny, nx] }: WorkGrid): number {
  const base = (nz >> 1) * ny * nx;
  const corners = [0, nx - 1, (ny - 1) * nx, ny * nx - 1].map((i) => mean[base + i]!);
  let least = 32767;
  for (let i = 0; i < mean.length; i++) if (mean[i]! < least) least = mean[i]!;
  return corners.every((v) => v === least) ? least : Number.NaN;
}

/** Otsu's threshold between −1100 and 300 of the values as they are. */
function otsu(counts: Int32Array): number {
  const [low, high] = [-1100 + 32768, 300 + 32768];
  let all = 0;
  let sum = 0;
  for (let i = low; i < high; i++) {
    all += counts[i]!;
    sum += counts[i]! * i;
  }
  let best = low;
  let most = -1;
  for (let i = low, n = 0, part = 0; i < high; i++) {
    n += counts[i]!;
    part += counts[i]! * i;
    if (n === 0 || n === all) continue;
    const between = n * (all - n) * (part / n - (sum - part) / (all - n)) ** 2;
    if (between > most) [most, best] = [between, i];
  }
  return best - 32768;
}

/** Counts of the grid's values without those of padding and of the blocks next to it, where it is mixed with air. */
function withoutPadding(grid: WorkGrid, all: Int32Array): Int32Array {
  const padding = paddingOf(grid);
  if (Number.isNaN(padding)) return all;
  const { mean, shape } = grid;
  const [nz, ny, nx] = shape;
  const counts = new Int32Array(all.length);
  for (let row = 0, i = 0; row < nz * ny; row++) {
    const y = row % ny;
    for (let x = 0; x < nx; x++, i++) {
      const beside =
        mean[i] === padding ||
        (x > 0 && mean[i - 1] === padding) ||
        (x + 1 < nx && mean[i + 1] === padding) ||
        (y > 0 && mean[i - nx] === padding) ||
        (y + 1 < ny && mean[i + nx] === padding);
      if (!beside) counts[mean[i]! + 32768]!++;
    }
  }
  return counts;
}

function darkest(counts: Int32Array, split: number): number {
  const at = (v: number) => counts[v + 32768]!;
  let dark = 0;
  for (let v = -2000; v < split; v++) dark += at(v);
  if (dark < 1000) return Number.NaN;
  for (let v = -2000, n = 0; v < split; v++) {
    n += at(v);
    if (n >= 0.01 * dark) return v;
  }
  return Number.NaN;
}

/** The brightest peak of soft tissue that has at least a third of the highest one's height, in steps of 10. */
function brightPeak(counts: Int32Array, air: number): number {
  const bins = new Float64Array(90);
  for (let k = 0; k < bins.length; k++) {
    for (let v = 0; v < 10; v++) bins[k]! += counts[Math.round(air) + 600 + 10 * k + v + 32768] ?? 0;
  }
  const soft = bins.map((_, k) => (bins[k - 1] ?? 0) + 2 * bins[k]! + (bins[k + 1] ?? 0));
  const highest = Math.max(...soft);
  if (highest === 0) return Number.NaN;
  for (let k = soft.length - 2; k > 0; k--) {
    if (soft[k]! >= highest / 3 && soft[k]! >= soft[k - 1]! && soft[k]! >= soft[k + 1]!) return air + 605 + 10 * k;
  }
  return Number.NaN;
}
