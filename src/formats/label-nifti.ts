import { invalidOption } from "../errors.ts";
import { extractRuns, putRuns, type Runs } from "../ops/runs.ts";
import { type Kernels, kernels } from "../simd/kernels.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";
import { gzipRuns } from "./gzip-runs.ts";
import { type NiftiGeometry, niftiHeader } from "./nifti.ts";
import { RunList } from "./run-list.ts";

/** One region of a label map. */
export interface Label {
  /** The region; has the label map's shape. */
  readonly mask: BitVolume;
  /** The number its voxels get, 1 to 255. */
  readonly value: number;
}

/** A label map as masks: voxels in none of them are 0. */
export interface LabelMap extends NiftiGeometry {
  /** Where masks overlap, the later one counts. */
  readonly labels: readonly Label[];
}

/**
 * A gzip-compressed uint8 NIfTI-1 label map (`.nii.gz`), made from the masks' runs: the array of
 * one byte a voxel never exists, and the time depends on the masks' outlines.
 *
 * @param map - grid and masks
 * @returns bytes of the `.nii.gz` file, the same for the same input
 * @throws PleuraError `too-large` when an axis is longer than 32,767; `invalid-option` when a
 * mask has another shape or a value is not an integer from 1 to 255
 *
 * @example
 * encodeLabelNifti({ ...volume, labels: [{ mask: right, value: 1 }, { mask: left, value: 2 }] });
 */
export function encodeLabelNifti(map: LabelMap): Uint8Array {
  const runs = new RunList();
  runs.pushBytes(niftiHeader("uint8", map, "label"));
  pushLabelRuns(runs, map);
  return gzipRuns(runs);
}

function pushLabelRuns(runs: RunList, { shape, labels }: LabelMap): void {
  for (const { mask, value } of labels) {
    if (!mask.shape.every((n, i) => n === shape[i])) throw invalidOption("mask", `shape ${shape}`, mask.shape);
    if (!(Number.isInteger(value) && value >= 1 && value <= 255)) throw invalidOption("value", "1 to 255", value);
  }
  const masks = labels.map(({ mask, value }) => ({ ...extractRuns(mask), value }));
  const simd = kernels();
  if (simd !== undefined) mergeWith(simd, runs, masks, shape);
  else merge(runs, masks, shape);
}

/** A label's mask as runs. */
interface LabelRuns extends Runs {
  readonly value: number;
}

function merge(runs: RunList, labels: readonly LabelRuns[], [nz, ny, nx]: Triple): void {
  for (let row = 0; row < nz * ny; row++) {
    const at = labels.map(({ rowStart }) => rowStart[row]!);
    // From change to change: where any mask's run begins or ends another label may count.
    for (let x = 0; x < nx; ) {
      let value = 0;
      let change = nx;
      for (const [l, { start, end, rowStart, ...label }] of labels.entries()) {
        while (at[l]! < rowStart[row + 1]! && end[at[l]!]! <= x) at[l]!++;
        if (at[l] === rowStart[row + 1]) continue;
        if (start[at[l]!]! <= x) value = label.value;
        change = Math.min(change, start[at[l]!]! <= x ? end[at[l]!]! : start[at[l]!]!);
      }
      runs.push(value, change - x);
      x = change;
    }
  }
}

/** The same by kernels/label-map.ts. */
function mergeWith(simd: Kernels, runs: RunList, labels: readonly LabelRuns[], [nz, ny, nx]: Triple): void {
  simd.begin();
  const fields = labels.flatMap((label) => {
    const { start, end, rowStart } = putRuns(simd, label);
    return [start, end, rowStart, label.value];
  });
  const room = 2 * labels.reduce((sum, { count }) => sum + count, 0) + 2;
  const table = simd.put(Int32Array.from(fields));
  const next = simd.reserve(4 * labels.length);
  const values = simd.reserve(room);
  const lengths = simd.reserve(4 * room);
  const count = simd.run.mergeLabels(table, labels.length, nz * ny, nx, next, values, lengths);
  runs.append(simd.bytes(values, count), simd.words(lengths, count));
}
