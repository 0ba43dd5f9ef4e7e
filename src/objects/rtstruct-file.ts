import { freshUid } from "../dicom/fresh-uid.ts";
import { type Elements, encodeDicomFile } from "../dicom/write-elements.ts";
import {
  codeItem,
  commonElements,
  dateAndTime,
  fileReferences,
  imageReference,
  type Making,
  type WholeOrigin,
} from "./common.ts";
import { outlines } from "./contours.ts";
import { isEmptyPlane } from "./pack-frames.ts";
import type { Segment } from "./segments.ts";
import { placeOf } from "./source-grid.ts";

const RT_STRUCTURE_SET_STORAGE = "1.2.840.10008.5.1.4.1.1.481.3";
const STUDY_CLASS = "1.2.840.10008.3.1.2.3.1";
/** Added to the number of the scan's series. */
const SERIES_NUMBERS = 2000;
/** Coordinates are rounded to this part of a millimetre. */
const PER_MM = 10_000;

/**
 * A DICOM RT Structure Set: a region of interest for each segment, with closed planar contours on the scan's own images, holes cut
 * out by keyholes. It names the scan's patient, study and frame of reference. Contours may be longer than explicit representations
 * allow, so the data set is implicit.
 *
 * Source: DICOM PS3.3, A.19.
 *
 * @param segments - masks of shape `[image, row, column]` that do not overlap, see `toSourceGrid`
 * @param origin - of the scan
 * @param now - date and time of the object
 * @returns the file in parts that follow each other
 */
export function encodeRtStruct(
  segments: readonly Segment[],
  origin: WholeOrigin,
  making: Making,
  now: Date = new Date(),
): Uint8Array[] {
  const { date, time } = dateAndTime(now);
  const identity = { sopClass: RT_STRUCTURE_SET_STORAGE, sopInstance: freshUid(), implicit: true };
  return encodeDicomFile(identity, {
    ...commonElements(origin),
    Modality: "RTSTRUCT",
    SeriesInstanceUID: freshUid(),
    SeriesNumber: SERIES_NUMBERS + Math.max(0, origin.seriesNumber ?? 0),
    SeriesDate: date,
    SeriesTime: time,
    SeriesDescription: "Lungs",
    OperatorsName: "",
    InstanceNumber: 1,
    StructureSetLabel: "Lungs",
    StructureSetDate: date,
    StructureSetTime: time,
    ReferencedFrameOfReferenceSequence: [referencedFrame(origin)],
    StructureSetROISequence: segments.map(({ structure }, i) => ({
      ROINumber: i + 1,
      ReferencedFrameOfReferenceUID: origin.frameOfReference,
      ROIName: structure.label,
      ROIGenerationAlgorithm: making.type,
      ROIGenerationDescription: making.algorithm,
    })),
    ROIContourSequence: segments.map((segment, i) => ({
      ROIDisplayColor: segment.structure.colour,
      ReferencedROINumber: i + 1,
      ContourSequence: contourItems(segment, origin),
    })),
    RTROIObservationsSequence: segments.map(({ structure }, i) => ({
      ObservationNumber: i + 1,
      ReferencedROINumber: i + 1,
      RTROIIdentificationCodeSequence: [codeItem(structure.type)],
      RTROIInterpretedType: "ORGAN",
      ROIInterpreter: "",
    })),
    ApprovalStatus: "UNAPPROVED",
  });
}

function referencedFrame(origin: WholeOrigin): Elements {
  return {
    FrameOfReferenceUID: origin.frameOfReference,
    RTReferencedStudySequence: [
      {
        ReferencedSOPClassUID: STUDY_CLASS,
        ReferencedSOPInstanceUID: origin.studyUid,
        RTReferencedSeriesSequence: [
          { SeriesInstanceUID: origin.seriesUid, ContourImageSequence: fileReferences(origin) },
        ],
      },
    ],
  };
}

function contourItems({ mask }: Segment, origin: WholeOrigin): Elements[] {
  const items: Elements[] = [];
  for (let slice = 0; slice < mask.shape[0]; slice++) {
    if (isEmptyPlane({ mask, slice })) continue;
    const place = placeOf(origin, slice);
    for (const polygon of outlines({ mask, slice })) {
      items.push({
        ContourImageSequence: [imageReference(origin.images[slice]!)],
        ContourGeometricType: "CLOSED_PLANAR",
        NumberOfContourPoints: polygon.length,
        ContourNumber: items.length + 1,
        ContourData: polygon.flatMap(([row, column]) => place(row, column).map(rounded)),
      });
    }
  }
  return items;
}

function rounded(mm: number): number {
  return Math.round(mm * PER_MM) / PER_MM;
}
