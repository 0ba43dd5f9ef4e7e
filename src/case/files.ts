import { encodeLabelNifti, type Label } from "../formats/label-nifti.ts";
import { encodeNpy, npyHeader } from "../formats/npy.ts";
import type { LungSides } from "../lungs/sides.ts";
import { labelRows, type NodulesFile } from "../nodules/case-nodules.ts";
import type { StageMask } from "../pipeline/profiles.ts";
import { STAGE_MASKS } from "../pipeline/stages.ts";
import type { Clean } from "../prepare/make-clean.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Volume } from "../volume/volume.ts";
import { formatJson } from "./format-json.ts";
import { outputNames } from "./outputs.ts";

/** What the lungs' two sides are called in the label map. */
const RIGHT = 1;
const LEFT = 2;
const AIRWAYS = 3;

/** What a case has to write, beside its manifest. */
export interface CaseData {
  /** The scan; only its grid is used. */
  readonly volume: Pick<Volume, "shape" | "spacing" | "affine">;
  readonly sides: LungSides;
  /** Trachea and bronchi, where the profile looks for them. */
  readonly airways?: BitVolume;
  readonly prepared: Pick<Clean, "clean" | "label">;
  /** Annotated nodules, where annotations were given. */
  readonly nodules?: NodulesFile;
  /** Masks of the stages, where they are wanted. */
  readonly masks: ReadonlyMap<StageMask, BitVolume>;
  /** Files that are made elsewhere: DICOM objects. */
  readonly made?: readonly CaseFile[];
}

/** A file's name, and its bytes in parts that follow each other. */
export interface CaseFile {
  readonly name: string;
  readonly parts: readonly Uint8Array[];
}

/**
 * Encodes a case's files, the manifest aside, one after the other.
 *
 * @param name - the case
 */
export function* caseFiles(name: string, data: CaseData): Generator<CaseFile, void, undefined> {
  const { clean, label } = data.prepared;
  const names = outputNames(name);
  yield { name: names.clean, parts: [npyHeader("uint8", [1, ...clean.shape]), clean.voxels] };
  yield {
    name: names.label,
    parts: [data.nodules === undefined ? encodeNpy("int64", [1, 4], label) : encodeLabel(data.nodules)],
  };
  if (data.nodules !== undefined) {
    yield { name: names.nodules, parts: [new TextEncoder().encode(formatJson(data.nodules))] };
  }
  yield { name: names.lungs, parts: [labelMap(data.volume, mapLabels(data))] };
  for (const stage of STAGE_MASKS) {
    const mask = data.masks.get(stage);
    if (mask !== undefined) yield { name: names.stages[stage], parts: [labelMap(data.volume, [{ mask, value: 1 }])] };
  }
  yield* data.made ?? [];
}

/** The rows of the label; as published, one row of whole zeros where there is none. */
function encodeLabel({ nodules }: NodulesFile): Uint8Array {
  const rows = labelRows(nodules);
  if (rows.length === 0) return encodeNpy("int64", [1, 4], new BigInt64Array(4));
  return encodeNpy("float64", [rows.length, 4], Float64Array.from(rows.flat()));
}

/** The regions of a case's label map. */
export function mapLabels({ sides, airways }: Pick<CaseData, "sides" | "airways">): Label[] {
  return [...sideLabels(sides), ...(airways === undefined ? [] : [{ mask: airways, value: AIRWAYS }])];
}

/** The lungs as regions of label maps. */
export function sideLabels({ right, left }: LungSides): Label[] {
  return [
    { mask: right, value: RIGHT },
    { mask: left, value: LEFT },
  ];
}

function labelMap({ shape, spacing, affine }: CaseData["volume"], labels: readonly Label[]): Uint8Array {
  return encodeLabelNifti({ shape, spacing, affine, labels });
}
