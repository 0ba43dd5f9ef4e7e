import { PleuraError } from "../errors.ts";
import type { Point } from "../volume/affine.ts";
import { type Keyword, tagOf } from "./dictionary.ts";
import { text } from "./elements.ts";
import { parseHeader } from "./header.ts";
import type { Instance, Orientation } from "./instance.ts";
import type { Elements } from "./write-elements.ts";

/** One image of the scan, as other DICOM objects refer to it. What it lacks is `undefined`. */
export interface SourceImage {
  readonly sopClass: string | undefined;
  readonly sopInstance: string | undefined;
  /** Number of its frame, from 1; `undefined` for a file with one image. */
  readonly frame: number | undefined;
  /** LPS position of the centre of its first pixel, mm. */
  readonly position: Point | undefined;
  /** Direction of a row, then of a column. */
  readonly orientation: Orientation | undefined;
  /** Distance between rows, then between columns, mm. */
  readonly pixelSpacing: readonly [row: number, column: number] | undefined;
  /** Millimetres. */
  readonly sliceThickness: number | undefined;
}

/**
 * Where a scan comes from: what a DICOM object about it needs to know. It holds the patient's name and ids, and is kept only when
 * it is asked for.
 */
export interface ScanOrigin {
  /** One for each slice of the scan's stored grid, in its order. */
  readonly images: readonly SourceImage[];
  readonly studyUid: string | undefined;
  readonly seriesUid: string | undefined;
  readonly seriesNumber: number | undefined;
  readonly frameOfReference: string | undefined;
  /** Patient, study and frame of reference: elements with the bytes of their values, in the scan's character set. */
  readonly identity: Elements;
  /** Whether the pixels were compressed with loss, with the elements that say so. */
  readonly lossy: Elements;
}

/** Elements that all objects of a study share. */
const SHARED: readonly Keyword[] = [
  "SpecificCharacterSet",
  "TimezoneOffsetFromUTC",
  "StudyDate",
  "StudyTime",
  "AccessionNumber",
  "ReferringPhysicianName",
  "StudyDescription",
  "PatientName",
  "PatientID",
  "IssuerOfPatientID",
  "PatientBirthDate",
  "PatientSex",
  "PatientAge",
  "StudyInstanceUID",
  "StudyID",
  "FrameOfReferenceUID",
  "PositionReferenceIndicator",
];
const LOSSY: readonly Keyword[] = ["LossyImageCompressionRatio", "LossyImageCompressionMethod"];
/** No header is longer, bytes. */
const MOST_BYTES = 256 * 2 ** 20;
/** Behind the pixels' offset, so that the parser finds their tag. */
const BEYOND = 64;

/**
 * Reads what DICOM objects about a scan need to know, from the header of its first slice.
 *
 * @param slices - one instance a slice, ascending
 * @throws PleuraError `read-failed` when the header is no longer what it was
 */
export async function originOf(slices: readonly Instance[]): Promise<ScanOrigin> {
  const first = slices[0]!;
  const { source, pixels } = first;
  const wanted = pixels.deflatedAt === undefined ? pixels.offset + BEYOND : source.size;
  const bytes = new Uint8Array(Math.min(wanted, source.size, MOST_BYTES));
  const header = parseHeader(bytes.subarray(0, await source.read(0, bytes)));
  if (header === undefined || header === "too long") {
    throw new PleuraError("read-failed", "The header cannot be read again: the file was changed meanwhile", {
      stage: "read",
      file: source.name,
    });
  }
  const { elements } = header;
  const copied = (keywords: readonly Keyword[]): Elements =>
    Object.fromEntries(
      keywords.flatMap((keyword) => {
        const element = elements.elements[tagOf(keyword)];
        if (element === undefined || element.dataOffset + element.length > elements.byteArray.length) return [];
        const { dataOffset, length } = element;
        return [[keyword, elements.byteArray.slice(dataOffset, dataOffset + length) as Uint8Array]];
      }),
    );
  return {
    images: slices.map(imageOf),
    studyUid: first.studyUid,
    seriesUid: first.seriesUid || undefined,
    seriesNumber: first.seriesNumber,
    frameOfReference: text(elements, tagOf("FrameOfReferenceUID")),
    identity: copied(SHARED),
    lossy: slices.some(({ lossy }) => lossy) ? { LossyImageCompression: "01", ...copied(LOSSY) } : {},
  };
}

function imageOf(instance: Instance): SourceImage {
  const { sopClass, sopInstance, grouped, frame, position, orientation, pixelSpacing, sliceThickness } = instance;
  return {
    sopClass,
    sopInstance,
    frame: grouped ? frame + 1 : undefined,
    position,
    orientation,
    pixelSpacing,
    sliceThickness,
  };
}
