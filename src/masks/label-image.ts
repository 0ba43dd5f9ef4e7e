import { PleuraError } from "../errors.ts";
import type { Affine } from "../volume/affine.ts";
import type { Triple } from "../volume/volume.ts";

/** An image whose voxels are numbers of regions, on any grid; 0 is background. */
export interface LabelImage {
  /** Labels, C-ordered. */
  readonly voxels: Int16Array;
  readonly shape: Triple;
  /** Index `[z, y, x]` → LPS, mm. */
  readonly affine: Affine;
  /** Whether the file says where the grid lies; if not, only a scan of the same shape can use it. */
  readonly oriented: boolean;
}

/** One label's voxels. */
export interface LabelFigures {
  readonly value: number;
  /** Number of voxels. */
  readonly voxels: number;
  /** Their mean position along the axis that points to the patient's left, mm. */
  readonly left: number;
}

/** More different values than this are no label map; TotalSegmentator has 117. */
const MOST_LABELS = 256;

/**
 * Counts each label's voxels and finds where they lie.
 *
 * @param file - name, for messages
 * @returns one for each label but the background, by value
 * @throws PleuraError `unsupported-pixels` when the image is no label map, `empty-mask` when it holds
 * background only
 */
export function labelFigures({ voxels, shape, affine }: LabelImage, file: string): LabelFigures[] {
  const counts = new Uint32Array(32768);
  const sums = new Float64Array(32768);
  const [, ny, nx] = shape;
  for (let i = 0, row = 0; i < voxels.length; row++) {
    const start = affine[0] * Math.floor(row / ny) + affine[1] * (row % ny) + affine[3];
    for (let x = 0; x < nx; x++, i++) {
      const value = voxels[i]!;
      if (value === 0) continue;
      if (value < 0) throw notLabels(file, `a value of ${value}`, "values of at least 0");
      counts[value]!++;
      sums[value]! += start + affine[2] * x;
    }
  }
  const figures: LabelFigures[] = [];
  counts.forEach((count, value) => {
    if (count > 0) figures.push({ value, voxels: count, left: sums[value]! / count });
  });
  if (figures.length > MOST_LABELS) {
    throw notLabels(file, `${figures.length} different values`, `at most ${MOST_LABELS} labels`);
  }
  if (figures.length === 0) {
    throw new PleuraError("empty-mask", "The lung mask holds background only", {
      stage: "lungs",
      file,
      measured: "0 voxels",
      limit: "at least 1 voxel",
    });
  }
  return figures;
}

function notLabels(file: string, measured: string, limit: string): PleuraError {
  return new PleuraError("unsupported-pixels", "The lung mask is no image of labels", {
    stage: "lungs",
    file,
    measured,
    limit,
  });
}
