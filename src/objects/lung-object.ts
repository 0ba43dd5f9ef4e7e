import type { ByteSource } from "../byte-source.ts";
import { PleuraError } from "../errors.ts";
import type { LabelImage } from "../masks/label-image.ts";
import type { LungLabels } from "../masks/lung-labels.ts";
import { lungRegions, type NamedRegion } from "./lung-regions.ts";
import { readWhole } from "./parse-object.ts";
import { placeFrames } from "./place-frames.ts";
import { placeContours, readRtStruct } from "./read-rtstruct.ts";
import { readSeg } from "./read-seg.ts";
import type { TargetScan } from "./scan-images.ts";

const SEG: readonly (string | undefined)[] = ["1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"];
const RTSTRUCT = "1.2.840.10008.5.1.4.1.1.481.3";

/** The lungs of a SEG or RTSTRUCT as an image of labels. */
export interface LungObject {
  /** Holds the lungs only; labels are numbers of the object's regions. */
  readonly image: LabelImage;
  readonly labels: LungLabels;
  /** Whether voxels took the label of the nearest pixel or plane, since the object or the scan's images lie between them. */
  readonly resampled: boolean;
  /** Whether object and scan both say in which frame of reference they lie; then it is the same. */
  readonly compared: boolean;
  /** Pixels in several of the lungs' regions. */
  readonly overlap: number;
  /** Contours that overlapped others of their region. */
  readonly joined: number;
}

/**
 * Reads the lungs out of a DICOM SEG or RTSTRUCT.
 *
 * @param scan - read with `keepOrigin`, so that frames of reference can be compared
 * @param labels - numbers of the segments or regions that are the lungs; default: recognised by codes and names
 * @throws PleuraError `unsupported-pixels` for another object, `unknown-labels`, `mask-misfit` when it lies in another frame of
 * reference or on no grid, `truncated`
 */
export async function readLungObject(
  source: ByteSource,
  scan: TargetScan,
  labels: LungLabels | undefined,
): Promise<LungObject> {
  const file = await readWhole(source);
  if (SEG.includes(file.sopClass)) {
    const seg = readSeg(file);
    const found = lungRegions(seg.segments, labels, file.name);
    const compared = checkFrame(seg.frameOfReference, scan, file.name);
    const { image, exact, overlap } = await placeFrames(seg, new Set(numbersOf(found)), scan, file.name);
    return { image, labels: found, resampled: !exact, compared, overlap, joined: 0 };
  }
  if (file.sopClass === RTSTRUCT) {
    const object = readRtStruct(file);
    const found = lungRegions(object.regions, labels, file.name);
    const wanted = numbersOf(found).filter((number) => isRegion(object.regions, number));
    const compared = wanted.map((number) => checkFrame(object.frameOfReferenceOf(number), scan, file.name));
    const { image, exact, between, ...figures } = placeContours(object, wanted, scan, file.name);
    return { image, labels: found, resampled: !exact || between, compared: compared.every(Boolean), ...figures };
  }
  throw new PleuraError("unsupported-pixels", "This DICOM file is neither a Segmentation nor an RT Structure Set", {
    stage: "lungs",
    file: file.name,
  });
}

function numbersOf(labels: LungLabels): readonly number[] {
  return "both" in labels ? labels.both : [...labels.right, ...labels.left];
}

function isRegion(regions: readonly NamedRegion[], number: number): boolean {
  return regions.some((region) => region.number === number);
}

/** Refuses an object in another frame of reference; tells whether both are known. */
function checkFrame(found: string | undefined, { origin }: TargetScan, file: string): boolean {
  const own = origin?.frameOfReference;
  if (found === undefined || own === undefined) return false;
  if (found === own) return true;
  throw new PleuraError("mask-misfit", "The lung mask lies in another frame of reference than the scan", {
    stage: "lungs",
    file,
    quote: found,
    limit: "the scan's Frame of Reference UID",
    hint: "Give the mask that was made of this scan; if it fits, give it as NIfTI",
  });
}
