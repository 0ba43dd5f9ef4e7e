import type { Finding } from "../dicom/findings.ts";
import type { LungDensities } from "../lungs/density.ts";
import type { NoduleFinding } from "../nodules/case-nodules.ts";
import type { CleanGeometry } from "../prepare/clean-geometry.ts";
import type { Quality } from "../quality/verdict.ts";
import type { Triple } from "../volume/volume.ts";
import type { MeshFormat } from "./outputs.ts";
import type { Parameters, ProfileName } from "./profile.ts";

/** What a result was made of and with: a finished case is left alone while all of it is the same. */
export interface Provenance {
  /** Version of pleura; results of other versions stand as long as the revision is the same. */
  readonly version: string;
  /** Whose numbers were reproduced. */
  readonly profile: ProfileName;
  /** Number of the profile's outputs, see `REVISIONS`. */
  readonly revision: number;
  /** Every option of every stage, defaults included. */
  readonly parameters: Parameters;
  /** Digest of the input, see `inputDigest`. */
  readonly digest: string;
}

/** SHA-256, in hexadecimal, of everything read and written; recorded and compared with `verify`. */
export interface Hashes {
  /** Of the input's names and bytes, see `contentDigest`. */
  readonly input: string;
  /** Of each output file's bytes, the manifest itself aside. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Digests of what was given for a case beside its scan: a result stands while they stay as they are. */
export interface GivenDigests {
  /** First 16 hexadecimal digits of the SHA-256 of the Series Instance UID, by which it is looked for. */
  readonly series?: string;
  /** Of the lung mask's files: names, sizes and times; or SHA-256 of the bytes of the model that found the lungs. */
  readonly lungs?: string;
  /** What ran the model, with its version: `onnxruntime-node 1.30.0`. */
  readonly runtime?: string;
  /** Of the case's own rows of the annotations. */
  readonly nodules?: string;
}

/** Files of a case that are written on request only. */
export interface ExtraOutputs {
  /** Also keep every stage's mask. Default false. */
  readonly stages?: boolean;
  /** Also keep pictures and a histogram, from which `writeHtmlReport` makes its page. Default false. */
  readonly preview?: boolean;
  /** Also measure what the voxels of the lungs hold, for the manifest and `writeCsvTable`. Default false. */
  readonly density?: boolean;
  /** Also write the lungs as a DICOM SEG, which names the patient. Default false. */
  readonly seg?: boolean;
  /** Send the SEG to this DICOMweb service, which needs `seg`: `https://host/dicom-web`. Default: nowhere. */
  readonly store?: string;
  /** Also write the lungs as a DICOM RTSTRUCT, which names the patient. Default false. */
  readonly rtstruct?: boolean;
  /** Also write the surfaces of the lungs: one binary glTF file, or an STL file each. Default none. */
  readonly mesh?: MeshFormat;
}

/** Something a user should know about a case that was done all the same. */
export interface CaseFinding extends Omit<Finding, "code"> {
  /**
   * That of the reader's finding; `not-separated`, both lungs are dilated as one; `lungs-cut-off`, the
   * scan ends within them; `copied-scan`, another case of the run holds the same images; `mask-…`, about a
   * lung mask from elsewhere; `objects-resampled`, about a SEG or RTSTRUCT; or about annotated nodules.
   */
  readonly code:
    | Finding["code"]
    | "not-separated"
    | "lungs-cut-off"
    | "copied-scan"
    | "mask-without-position"
    | "mask-resampled"
    | "mask-frame-unknown"
    | "mask-overlap"
    | "objects-resampled"
    | NoduleFinding["code"];
}

/** The lungs that were found, in numbers. */
export interface LungFigures {
  /** Volume of the right lung, millilitres. */
  readonly rightMl: number;
  /** Volume of the left lung, millilitres. */
  readonly leftMl: number;
  /** Volume of both lungs, millilitres. */
  readonly totalMl: number;
  /** Whether erosion split the mask into two lungs. */
  readonly separated: boolean;
  /** Slices that were cut from the top before lungs were found. */
  readonly cut: number;
  /** Bodies that passed the volume and distance rules. */
  readonly bodies: number;
  /** Erosions that were needed to separate the lungs. */
  readonly erosions: number;
}

/** `<case>.json`: how a case's files came to be and where they lie in the patient. */
export interface CaseManifest extends Provenance {
  /** Name of the case. */
  readonly case: string;
  /** What was given beside the scan, when there was anything. */
  readonly given?: GivenDigests;
  /** What was read: number of files, their bytes, and how many had no part in the volume. */
  readonly input: { readonly files: number; readonly bytes: number; readonly skipped: number };
  /** Leads from a voxel of clean to the patient and back; see `cleanToPatient`. */
  readonly geometry: CleanGeometry;
  /**
   * Voxels of the scan that the label's positions are off the exact ones, besides the published drift;
   * missing for none, `null` where it is not the same everywhere. See `labelOffset`.
   */
  readonly labelOffset?: Triple | null;
  /** Volumes, and how the segmentation went. */
  readonly lungs: LungFigures;
  /** What the voxels of the lungs hold, when it was asked for. */
  readonly density?: LungDensities;
  /** How far the lungs may be trusted, and why; missing in manifests of versions before there was a verdict. */
  readonly quality?: Quality;
  /** What the reader noticed and did, and what the segmentation should be doubted for. */
  readonly findings: readonly CaseFinding[];
  /** Files of the case and their bytes, the manifest itself aside. */
  readonly outputs: Readonly<Record<string, number>>;
  /** The DICOMweb service that has stored the case's SEG. */
  readonly stored?: string;
  /** Recorded when the case was done with `verify`. */
  readonly hashes?: Hashes;
  /** Milliseconds a stage, and in all. */
  readonly milliseconds: { readonly [stage: string]: number; readonly total: number };
}
