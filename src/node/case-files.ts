import { join } from "node:path";
import { encodeLabelNifti, type Label } from "../formats/label-nifti.ts";
import { encodeNpy, npyHeader } from "../formats/npy.ts";
import type { LungSides } from "../lungs/sides.ts";
import type { Prepared } from "../prepare/prepare.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Volume } from "../volume/volume.ts";
import { outputNames, STAGE_MASKS, type StageMask } from "./outputs.ts";
import { writeFailed, writeParts } from "./staging.ts";

/** What the lungs' two sides are called in the label map. */
const RIGHT = 1;
const LEFT = 2;

/** What a case has to write, beside its manifest. */
export interface CaseData {
  readonly volume: Volume;
  readonly sides: LungSides;
  readonly prepared: Prepared;
  /** Masks of the stages, where they are wanted. */
  readonly masks: ReadonlyMap<StageMask, BitVolume>;
}

/**
 * Writes a case's files, the manifest aside.
 *
 * @param folder - where; the files are to be renamed into the output folder
 * @param name - the case
 * @returns bytes of each file, by name
 * @throws PleuraError `write-failed`
 */
export async function writeCaseFiles(folder: string, name: string, data: CaseData): Promise<Record<string, number>> {
  const { clean, label } = data.prepared;
  const names = outputNames(name);
  const sizes: Record<string, number> = {};
  const write = async (file: string, ...parts: Uint8Array[]) => {
    try {
      sizes[file] = await writeParts(join(folder, file), parts);
    } catch (cause) {
      throw writeFailed(file, cause);
    }
  };
  await write(names.clean, npyHeader("uint8", [1, ...clean.shape]), clean.voxels);
  await write(names.label, encodeNpy("float64", [1, 4], label));
  await write(names.lungs, labelMap(data.volume, sideLabels(data.sides)));
  for (const stage of STAGE_MASKS) {
    const mask = data.masks.get(stage);
    if (mask !== undefined) await write(names.stages[stage], labelMap(data.volume, [{ mask, value: 1 }]));
  }
  return sizes;
}

function sideLabels({ right, left }: LungSides): Label[] {
  const labels: Label[] = [];
  if (right !== undefined) labels.push({ mask: right, value: RIGHT });
  if (left !== undefined) labels.push({ mask: left, value: LEFT });
  return labels;
}

function labelMap({ shape, spacing, affine }: Volume, labels: readonly Label[]): Uint8Array {
  return encodeLabelNifti({ shape, spacing, affine, labels });
}
