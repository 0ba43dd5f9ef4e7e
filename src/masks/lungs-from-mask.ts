import { PleuraError } from "../errors.ts";
import { separateLungs } from "../lungs/separate.ts";
import { type LungSides, lungSides, meanLeft } from "../lungs/sides.ts";
import type { Lungs } from "../lungs/types.ts";
import { componentSizes, drawComponents, paintComponents, twoLargest } from "../ops/components.ts";
import { type Components, labelRuns } from "../ops/label.ts";
import { extractRuns } from "../ops/runs.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import type { StoredGrid } from "../volume/stored-grid.ts";
import type { Triple } from "../volume/volume.ts";
import { type LabelImage, labelFigures } from "./label-image.ts";
import { checkLabels, type LungLabels, recogniseLabels } from "./lung-labels.ts";
import { type Grid, sampleLabels } from "./sample-labels.ts";

/** The scan that a mask is for. */
export interface MaskedScan extends Grid {
  /** Millimetres. */
  readonly spacing: Triple;
  /** The grid as it lies in the files: that of a mask that does not say where it lies. */
  readonly stored: StoredGrid;
}

/** Two lungs out of a mask. */
export interface LungsFromMask {
  readonly lungs: Lungs;
  readonly sides: LungSides;
  /** What the mask's labels were taken for. */
  readonly set: string;
  /** Whether the mask's grid is the scan's. */
  readonly aligned: boolean;
  /** Whether the file does not say where the mask lies: the scan's stored grid was assumed. */
  readonly assumed: boolean;
}

/** Of two parts of one label, the smaller one is a lung of its own when the larger has less than this many times its voxels. */
const LUNG_RATIO = 4.8;
/** Lungs whose middles lie closer than this along the patient's left are parts of one lung, mm. */
const LUNGS_APART = 60;

/**
 * Takes the two lungs out of a mask that was made elsewhere: brings it to the scan's grid, checks
 * that the two belong together, and tells the labels.
 *
 * @param image - the mask, on any grid that covers the scan
 * @param scan - shape, affine and spacing of the scan, and its stored grid
 * @param labels - which labels the lungs have; default: recognised
 * @param file - name of the mask, for messages
 * @throws PleuraError `unsupported-pixels` when the image is no label map, `empty-mask`,
 * `unknown-labels`, or `mask-misfit` when mask and scan do not cover each other
 */
export function lungsFromMask(
  image: LabelImage,
  scan: MaskedScan,
  labels: LungLabels | undefined,
  file: string,
): LungsFromMask {
  const placed = image.oriented ? image : onStoredGrid(image, scan, file);
  const figures = labelFigures(placed, file);
  const found = labels === undefined ? recogniseLabels(figures, file) : checkLabels(figures, labels, file);
  const groups = "both" in found.labels ? [found.labels.both] : [found.labels.right, found.labels.left];
  const { masks, aligned } = sampleLabels(placed, groups, scan, file);
  const rest = { set: found.set, aligned, assumed: !image.oriented };
  if ("both" in found.labels) return { ...toldApart(masks[0]!, scan), ...rest };
  const [right, left] = masks as [BitVolume, BitVolume];
  return { lungs: asLungs(right, left), sides: { right, left }, ...rest };
}

function onStoredGrid(image: LabelImage, { stored }: MaskedScan, file: string): LabelImage {
  if (!image.shape.every((n, i) => n === stored.shape[i])) {
    throw new PleuraError("mask-misfit", "The lung mask does not say where it lies, and its shape is not the scan's", {
      stage: "lungs",
      file,
      measured: image.shape.join(" × "),
      limit: stored.shape.join(" × "),
      hint: "Give the mask that was made of this scan, with the scan's own position and directions",
    });
  }
  return { ...image, affine: stored.affine };
}

/** Both lungs of one mask: its two parts, or what erosion separates, or the one lung that there is. */
function toldApart(mask: BitVolume, scan: MaskedScan): { lungs: Lungs; sides: LungSides } {
  const components = labelRuns(extractRuns(mask), 26);
  const sizes = componentSizes(components);
  const [first, second] = twoLargest(sizes);
  const isTwo = second >= 0 && sizes[first]! / sizes[second]! < LUNG_RATIO;
  const parts = isTwo
    ? [first, second].map((c) => drawComponents(components, [c], mask.shape))
    : separatedParts(mask, scan);
  if (parts === undefined) {
    const one: Lungs = { ...asLungs(mask, new BitVolume(mask.shape)), separated: false };
    return { lungs: one, sides: lungSides(scan, one) };
  }
  const lungs = withAllOf(mask, parts[0]!, parts[1]!, scan);
  return { lungs, sides: lungSides(scan, lungs) };
}

/** What erosion separates, where that is two lungs and not two parts of one. */
function separatedParts(mask: BitVolume, scan: MaskedScan): BitVolume[] | undefined {
  const { lung1, lung2, separated } = separateLungs(mask, scan.spacing);
  if (!separated || Math.abs(meanLeft(scan, lung1) - meanLeft(scan, lung2)) < LUNGS_APART) return undefined;
  return [lung1, lung2].map((lung) => combine(lung, mask, (a, b) => a & b));
}

/** Two lungs that have every voxel of the mask: what neither has goes to the one on whose side it lies. */
function withAllOf(mask: BitVolume, lung1: BitVolume, lung2: BitVolume, scan: MaskedScan): Lungs {
  const middle = (meanLeft(scan, lung1) + meanLeft(scan, lung2)) / 2;
  const isFirstRight = meanLeft(scan, lung1) < middle;
  const rest = combine(mask, lung1.union(lung2), (a, b) => a & ~b);
  const pieces = labelRuns(extractRuns(rest), 26);
  const [toFirst, toSecond] = [new Uint8Array(pieces.runs.count), new Uint8Array(pieces.runs.count)];
  for (const [root, left] of componentsLeft(pieces, scan)) {
    (left < middle === isFirstRight ? toFirst : toSecond)[root] = 1;
  }
  return asLungs(paintComponents(lung1, pieces, toFirst), paintComponents(lung2, pieces, toSecond));
}

/** Mean position of each component along the axis that points to the patient's left, mm, by its root. */
function componentsLeft({ runs, root }: Components, { affine }: Grid): Map<number, number> {
  const { start, end, rowStart, rowsPerPlane, count } = runs;
  const [sums, voxels] = [new Float64Array(count), new Float64Array(count)];
  for (let row = 0; row < rowStart.length - 1; row++) {
    const offset = affine[0] * Math.floor(row / rowsPerPlane) + affine[1] * (row % rowsPerPlane) + affine[3];
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      const n = end[i]! - start[i]!;
      sums[root[i]!]! += n * (offset + (affine[2] * (start[i]! + end[i]! - 1)) / 2);
      voxels[root[i]!]! += n;
    }
  }
  const roots = Array.from({ length: count }, (_, i) => i).filter((i) => root[i] === i);
  return new Map(roots.map((i) => [i, sums[i]! / voxels[i]!]));
}

function combine(a: BitVolume, b: BitVolume, of: (a: number, b: number) => number): BitVolume {
  return new BitVolume(
    a.shape,
    a.words.map((word, i) => of(word, b.words[i]!)),
  );
}

function asLungs(lung1: BitVolume, lung2: BitVolume): Lungs {
  return { lung1, lung2, separated: true, cut: 0, bodies: 0, erosions: 0 };
}
