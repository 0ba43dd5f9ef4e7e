import { invalidOption } from "../errors.ts";
import { BitVolume } from "../volume/bit-volume.ts";
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
  const [nz, ny, nx] = shape;
  const union = new BitVolume(shape);
  for (const { mask } of labels) unite(union.words, mask.words);
  const { words: any, wordsPerRow } = union;
  const lastBits = nx - 32 * (wordsPerRow - 1);
  const words = labels.map((label) => label.mask.words);
  const values = Uint8Array.from(labels, (label) => label.value);
  // Each mask's bit just before the word at hand, so that changes show across words and rows.
  const before = new Uint8Array(labels.length);
  let value = 0;
  let start = 0;
  for (let row = 0, at = 0; row < nz * ny; row++) {
    for (let w = 1; w <= wordsPerRow; w++, at++) {
      if (any[at] === 0 && value === 0) continue;
      const bits = w === wordsPerRow ? lastBits : 32;
      let changes = 0;
      for (let l = 0; l < words.length; l++) {
        const word = words[l]![at]!;
        changes |= word ^ ((word << 1) | before[l]!);
        before[l] = (word >>> (bits - 1)) & 1;
      }
      if (bits < 32) changes &= (1 << bits) - 1;
      while (changes !== 0) {
        const bit = 31 - Math.clz32(changes & -changes);
        changes &= changes - 1;
        const position = row * nx + (w - 1) * 32 + bit;
        runs.push(value, position - start);
        start = position;
        value = 0;
        for (let l = 0; l < words.length; l++) if ((words[l]![at]! >>> bit) & 1) value = values[l]!;
      }
    }
  }
  runs.push(value, nz * ny * nx - start);
}

function unite(into: Uint32Array, more: Uint32Array): void {
  for (let i = 0; i < into.length; i++) into[i]! |= more[i]!;
}
