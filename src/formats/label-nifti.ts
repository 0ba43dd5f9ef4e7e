import { invalidOption } from "../errors.ts";
import { extractRuns } from "../ops/runs.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
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
  const nx = shape[2];
  const rows = shape[0] * shape[1];
  const masks = labels.map(({ mask, value }) => ({ ...extractRuns(mask), value, at: 0 }));
  for (let row = 0; row < rows; row++) {
    for (const mask of masks) mask.at = mask.rowStart[row]!;
    // From change to change: where any mask's run begins or ends another label may count.
    for (let x = 0; x < nx; ) {
      let value = 0;
      let next = nx;
      for (const mask of masks) {
        while (mask.at < mask.rowStart[row + 1]! && mask.end[mask.at]! <= x) mask.at++;
        if (mask.at === mask.rowStart[row + 1]) continue;
        const start = mask.start[mask.at]!;
        if (start <= x) {
          value = mask.value;
          next = Math.min(next, mask.end[mask.at]!);
        } else next = Math.min(next, start);
      }
      runs.push(value, next - x);
      x = next;
    }
  }
}
