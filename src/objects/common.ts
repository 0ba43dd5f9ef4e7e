import type { Orientation } from "../dicom/instance.ts";
import type { ScanOrigin, SourceImage } from "../dicom/origin.ts";
import type { Elements } from "../dicom/write-elements.ts";
import { PleuraError } from "../errors.ts";
import { VERSION } from "../version.ts";
import type { Point } from "../volume/affine.ts";
import type { Code } from "./segments.ts";

/** How the masks were made, for the objects that hold them. */
export interface Making {
  /** Name of the program's method: "pleura, profile grt123". */
  readonly algorithm: string;
  /** `AUTOMATIC`, or `SEMIAUTOMATIC` for masks of another program. */
  readonly type: "AUTOMATIC" | "SEMIAUTOMATIC";
}

/** An image that says all that is needed to refer to it. */
export interface WholeImage extends SourceImage {
  readonly sopClass: string;
  readonly sopInstance: string;
  readonly position: Point;
  readonly orientation: Orientation;
  readonly pixelSpacing: readonly [number, number];
}

/** The origin of a scan whose headers say all that an object about it must repeat. */
export interface WholeOrigin extends ScanOrigin {
  readonly images: readonly WholeImage[];
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly frameOfReference: string;
}

/**
 * Refuses a scan to which a DICOM object cannot refer.
 *
 * @throws PleuraError `no-dicom` when the scan is none, `missing-tag`
 */
export function wholeOrigin(origin: ScanOrigin | undefined): WholeOrigin {
  if (origin === undefined) {
    throw new PleuraError("no-dicom", "A SEG or RTSTRUCT refers to DICOM images, and this scan has none", {
      stage: "read",
      hint: "Leave out --seg and --rtstruct for this scan",
    });
  }
  const missing = (what: string): PleuraError =>
    new PleuraError("missing-tag", `A SEG or RTSTRUCT repeats ${what} of the scan, which is missing`, {
      stage: "read",
      hint: "Leave out --seg and --rtstruct for this scan",
    });
  if (origin.studyUid === undefined) throw missing("Study Instance UID (0020,000D)");
  if (origin.seriesUid === undefined) throw missing("Series Instance UID (0020,000E)");
  if (origin.frameOfReference === undefined) throw missing("Frame of Reference UID (0020,0052)");
  for (const { sopClass, sopInstance, position, orientation, pixelSpacing } of origin.images) {
    if (sopClass === undefined) throw missing("SOP Class UID (0008,0016)");
    if (sopInstance === undefined) throw missing("SOP Instance UID (0008,0018)");
    if (position === undefined) throw missing("Image Position (0020,0032)");
    if (orientation === undefined) throw missing("Image Orientation (0020,0037)");
    if (pixelSpacing === undefined) throw missing("Pixel Spacing (0028,0030)");
  }
  return origin as WholeOrigin;
}

/** Whether a DICOM object can refer to a scan. */
export function isWhole(origin: ScanOrigin | undefined): boolean {
  try {
    wholeOrigin(origin);
    return true;
  } catch {
    return false;
  }
}

/** Patient, study and equipment, as every object has them: what the standard asks for and the scan lacks is empty. */
export function commonElements({ identity }: ScanOrigin): Elements {
  return {
    StudyDate: "",
    StudyTime: "",
    AccessionNumber: "",
    ReferringPhysicianName: "",
    PatientName: "",
    PatientID: "",
    PatientBirthDate: "",
    PatientSex: "",
    StudyID: "",
    PositionReferenceIndicator: "",
    ...identity,
    Manufacturer: "pleura",
    ManufacturerModelName: "pleura",
    DeviceSerialNumber: "0",
    SoftwareVersions: VERSION,
  };
}

/** The time as DICOM writes it: local, as the scanner's. */
export function dateAndTime(now: Date): { readonly date: string; readonly time: string } {
  const two = (n: number): string => String(n).padStart(2, "0");
  return {
    date: `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`,
    time: `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`,
  };
}

/** The item of a code sequence. */
export function codeItem({ value, scheme, meaning }: Code): Elements {
  return { CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning };
}

/** The files of a scan, each once. */
export function fileReferences({ images }: WholeOrigin): Elements[] {
  const seen = new Map(images.map(({ sopClass, sopInstance }) => [sopInstance, sopClass]));
  return Array.from(seen, ([sopInstance, sopClass]) => ({
    ReferencedSOPClassUID: sopClass,
    ReferencedSOPInstanceUID: sopInstance,
  }));
}

/** An image, or a frame, that something refers to. */
export function imageReference({ sopClass, sopInstance, frame }: WholeImage): Elements {
  return {
    ReferencedSOPClassUID: sopClass,
    ReferencedSOPInstanceUID: sopInstance,
    ...(frame !== undefined && { ReferencedFrameNumber: frame }),
  };
}
