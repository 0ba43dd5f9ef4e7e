import { componentMoments, paintComponents } from "../ops/components.ts";
import { labelRuns } from "../ops/label.ts";
import { extractRuns } from "../ops/runs.ts";
import { type RowSpans, SmoothedThreshold } from "../ops/smoothed-threshold.ts";
import { type OptionsOf, type OptionTable, withDefaults } from "../options.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import { checkVolume, type Volume } from "../volume/volume.ts";

/** What {@link binarizePerSlice} can be told; the defaults are the published ones. */
export const BINARIZE_OPTIONS = {
  /** Smoothed values strictly below this are candidates, HU. Default −600. */
  threshold: { default: -600, unit: "HU", least: -32000, most: 32000, label: "Threshold", by: 10 },
  /** Standard deviation of the Gaussian, pixels; 0.25 to 15. Default 1. */
  sigma: { default: 1, unit: "pixels", least: 0.25, most: 15, label: "Smoothing (sigma)", by: 0.25 },
  /** Smallest area that is kept (exclusive), mm². Default 30. */
  minArea: { default: 30, unit: "mm²", least: 0, label: "Area above", by: 5 },
  /** Largest eccentricity that is kept (exclusive); above 1 all are. Default 0.99. */
  maxEccentricity: { default: 0.99, above: 0, label: "Eccentricity below", by: 0.005 },
  /** Side of the corner patch that tells whether a slice has a blank background, pixels. Default 10. */
  cornerSize: { default: 10, unit: "pixels", least: 1, whole: true, label: "Corner patch", by: 1 },
} as const satisfies OptionTable;

/** Options of {@link binarizePerSlice}. */
export type BinarizeOptions = OptionsOf<typeof BINARIZE_OPTIONS>;

/** The Gaussian is cut off at two standard deviations, as published. */
const TRUNCATE = 2;

/**
 * Finds dark, compact regions slice by slice: air, lungs, airways.
 *
 * A square slice whose corner patch is constant has been padded around its field of view; there
 * nothing within the Gaussian's reach of the padding can be a candidate. Each 8-connected region
 * of a slice stays when it is large and round enough.
 *
 * @param volume - HU
 * @returns mask of the volume's shape
 * @throws PleuraError `invalid-option`
 */
export function binarizePerSlice(volume: Volume, options: BinarizeOptions = {}): BitVolume {
  const { threshold, sigma, minArea, maxEccentricity, cornerSize } = withDefaults(BINARIZE_OPTIONS, options);
  checkVolume(volume);
  const [nz, ny, nx] = volume.shape;
  const smoothed = new SmoothedThreshold(ny, nx, threshold, sigma, TRUNCATE);
  const reach = Math.floor(TRUNCATE * sigma + 0.5);
  const wholeSlice: RowSpans = { first: new Int32Array(ny), last: new Int32Array(ny).fill(nx) };
  const disc = ny === nx ? discSpans(ny, reach) : undefined;
  const out = new BitVolume(volume.shape);
  for (let z = 0; z < nz; z++) {
    const slice = volume.voxels.subarray(z * ny * nx, (z + 1) * ny * nx);
    // The published code multiplies a padded slice by a disc of doubles, and only such a one.
    if (disc !== undefined && hasBlankCorner(slice, nx, cornerSize)) smoothed.mark(slice, disc, false, out, z);
    else smoothed.mark(slice, wholeSlice, true, out, z);
  }
  return keepLargeAndRound(out, volume.spacing[1], volume.spacing[2], minArea, maxEccentricity);
}

/** Whether the top left corner patch holds one value only. */
export function hasBlankCorner(slice: Int16Array, nx: number, size: number): boolean {
  const side = Math.min(size, nx);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) if (slice[y * nx + x] !== slice[0]) return false;
  }
  return true;
}

/** Pixels of an n × n slice whose whole window lies inside the inscribed disc. */
export function discSpans(n: number, reach: number): RowSpans {
  const discFirst = new Int32Array(n);
  for (let y = 0; y < n; y++) {
    let x = 0;
    while (x < n && !(Math.sqrt((x - n / 2 + 0.5) ** 2 + (y - n / 2 + 0.5) ** 2) < n / 2)) x++;
    discFirst[y] = x;
  }
  const first = new Int32Array(n);
  const last = new Int32Array(n);
  for (let y = 0; y < n; y++) {
    for (let k = Math.max(0, y - reach); k <= Math.min(n - 1, y + reach); k++) {
      // Beyond the edge the window sees mirrored pixels, so a disc that reaches the edge binds nothing.
      if (discFirst[k]! > 0) first[y] = Math.max(first[y]!, discFirst[k]! + reach);
    }
    last[y] = n - first[y]!;
  }
  return { first, last };
}

/** Reduces a mask, in place, to the 8-connected regions of its slices that are large and round enough. */
function keepLargeAndRound(
  mask: BitVolume,
  sy: number,
  sx: number,
  minArea: number,
  maxEccentricity: number,
): BitVolume {
  const components = labelRuns(extractRuns(mask), 8);
  const { roots, sums } = componentMoments(components);
  const keep = new Uint8Array(components.root.length);
  for (let k = 0; k < roots.length; k++) {
    const stays = sums[6 * k]! * sy * sx > minArea && eccentricity(sums, 6 * k) < maxEccentricity;
    if (stays) keep[roots[k]!] = 1;
  }
  mask.words.fill(0);
  return paintComponents(mask, components, keep);
}

/**
 * Eccentricity of the ellipse with a region's second central moments, pixels taken as points
 * (scikit-image's definition); 0 for a single pixel.
 */
function eccentricity(sums: Float64Array, at: number): number {
  const n = sums[at]!;
  const meanY = sums[at + 1]! / n;
  const meanX = sums[at + 2]! / n;
  const yy = sums[at + 3]! / n - meanY * meanY;
  const yx = sums[at + 4]! / n - meanY * meanX;
  const xx = sums[at + 5]! / n - meanX * meanX;
  const mean = (yy + xx) / 2;
  const spread = Math.sqrt(((yy - xx) / 2) ** 2 + yx * yx);
  const major = mean + spread;
  if (major <= 0) return 0;
  return Math.sqrt(1 - Math.max(0, mean - spread) / major);
}
