import { DICTIONARY } from "../dicom/dictionary.ts";
import { freshUid } from "../dicom/fresh-uid.ts";
import { dot, minus, planeNormal } from "../dicom/plane-geometry.ts";
import { type Elements, encodeDicomFile } from "../dicom/write-elements.ts";
import { PleuraError } from "../errors.ts";
import { VERSION } from "../version.ts";
import { cieLab } from "./cie-lab.ts";
import {
  codeItem,
  commonElements,
  dateAndTime,
  fileReferences,
  imageReference,
  type Making,
  type WholeOrigin,
} from "./common.ts";
import { isEmptyPlane, type MaskPlane, packFrames } from "./pack-frames.ts";
import type { Code, Segment } from "./segments.ts";

const SEGMENTATION_STORAGE = "1.2.840.10008.5.1.4.1.1.66.4";
const DERIVATION: Code = { value: "113076", scheme: "DCM", meaning: "Segmentation" };
const PURPOSE: Code = { value: "121322", scheme: "DCM", meaning: "Source image for image processing operation" };
const FAMILY: Code = { value: "123104", scheme: "DCM", meaning: "Morphological Operations" };
/** Added to the number of the scan's series. */
const SERIES_NUMBERS = 1000;
/** Distances between slices that differ by less are the same, mm. */
const EVEN = 0.01;

/** A frame: one segment on one image of the scan. */
interface Frame extends MaskPlane {
  /** Number of the segment, from 1. */
  readonly segment: number;
}

/**
 * A DICOM Segmentation on the pixels of the scan's own images: BINARY, a segment for each region, a frame for each of its planes that
 * is not empty. It names the scan's patient, study and frame of reference, and refers to every image.
 *
 * Source: DICOM PS3.3, A.51.
 *
 * @param segments - masks of shape `[image, row, column]` that do not overlap, see `toSourceGrid`
 * @param origin - of the scan
 * @param now - date and time of the object
 * @returns the file in parts that follow each other
 * @throws PleuraError `empty-mask` when all segments are empty
 */
export function encodeSeg(
  segments: readonly Segment[],
  origin: WholeOrigin,
  making: Making,
  now: Date = new Date(),
): Uint8Array[] {
  const frames = segments.flatMap(({ mask }, i) =>
    Array.from({ length: mask.shape[0] }, (_, slice): Frame => ({ mask, slice, segment: i + 1 })).filter(
      (frame) => !isEmptyPlane(frame),
    ),
  );
  if (frames.length === 0) {
    throw new PleuraError("empty-mask", "There is nothing to write into a SEG", {
      stage: "write",
      measured: "0 voxels",
      limit: "at least 1 voxel",
    });
  }
  const [, rows, columns] = segments[0]!.mask.shape;
  const { date, time } = dateAndTime(now);
  const identity = { sopClass: SEGMENTATION_STORAGE, sopInstance: freshUid() };
  return encodeDicomFile(identity, {
    ...commonElements(origin),
    Modality: "SEG",
    SeriesInstanceUID: freshUid(),
    SeriesNumber: SERIES_NUMBERS + Math.max(0, origin.seriesNumber ?? 0),
    SeriesDate: date,
    SeriesTime: time,
    SeriesDescription: "Lungs",
    ImageType: ["DERIVED", "PRIMARY"],
    InstanceNumber: 1,
    ContentDate: date,
    ContentTime: time,
    ContentLabel: "LUNGS",
    ContentDescription: segments
      .map(({ structure }) => structure.label)
      .join(", ")
      .slice(0, 64),
    ContentCreatorName: "",
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: rows,
    Columns: columns,
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    PixelRepresentation: 0,
    LossyImageCompression: "00",
    ...origin.lossy,
    SegmentationType: "BINARY",
    SegmentsOverlap: "NO",
    SegmentSequence: segments.map((segment, i) => segmentItem(segment, i + 1, making)),
    ReferencedSeriesSequence: [
      { SeriesInstanceUID: origin.seriesUid, ReferencedInstanceSequence: fileReferences(origin) },
    ],
    ...dimensions(),
    NumberOfFrames: frames.length,
    ...functionalGroups(frames, origin),
    PixelData: packFrames(frames),
  });
}

function segmentItem({ structure }: Segment, number: number, making: Making): Elements {
  return {
    SegmentNumber: number,
    SegmentLabel: structure.label,
    SegmentAlgorithmType: making.type,
    SegmentAlgorithmName: making.algorithm,
    SegmentationAlgorithmIdentificationSequence: [
      {
        AlgorithmFamilyCodeSequence: [codeItem(FAMILY)],
        AlgorithmName: making.algorithm,
        AlgorithmVersion: VERSION,
      },
    ],
    SegmentedPropertyCategoryCodeSequence: [codeItem(structure.category)],
    SegmentedPropertyTypeCodeSequence: [codeItem(structure.type)],
    RecommendedDisplayCIELabValue: cieLab(structure.colour),
  };
}

/** Frames are told apart by their segment, then by their place. */
function dimensions(): Elements {
  const organization = { DimensionOrganizationUID: freshUid() };
  return {
    DimensionOrganizationSequence: [organization],
    DimensionIndexSequence: [
      {
        ...organization,
        DimensionIndexPointer: DICTIONARY.ReferencedSegmentNumber[0],
        FunctionalGroupPointer: DICTIONARY.SegmentIdentificationSequence[0],
        DimensionDescriptionLabel: "Segment",
      },
      {
        ...organization,
        DimensionIndexPointer: DICTIONARY.ImagePositionPatient[0],
        FunctionalGroupPointer: DICTIONARY.PlanePositionSequence[0],
        DimensionDescriptionLabel: "Position",
      },
    ],
  };
}

function functionalGroups(frames: readonly Frame[], origin: WholeOrigin): Elements {
  const { images } = origin;
  const slices = [...new Set(frames.map(({ slice }) => slice))].sort((a, b) => a - b);
  const placeOf = new Map(slices.map((slice, i) => [slice, i + 1]));
  const directions = images.map(({ orientation }) => orientation);
  const isOneWay = directions.every((one) => one.every((value, i) => value === directions[0]![i]));
  const orientation = (slice: number): Elements => ({
    PlaneOrientationSequence: [{ ImageOrientationPatient: directions[slice]! }],
  });
  return {
    SharedFunctionalGroupsSequence: [{ ...pixelMeasures(origin), ...(isOneWay && orientation(0)) }],
    PerFrameFunctionalGroupsSequence: frames.map(({ slice, segment }) => ({
      DerivationImageSequence: [
        {
          DerivationCodeSequence: [codeItem(DERIVATION)],
          SourceImageSequence: [
            {
              ...imageReference(images[slice]!),
              PurposeOfReferenceCodeSequence: [codeItem(PURPOSE)],
              SpatialLocationsPreserved: "YES",
            },
          ],
        },
      ],
      FrameContentSequence: [{ DimensionIndexValues: [segment, placeOf.get(slice)!] }],
      PlanePositionSequence: [{ ImagePositionPatient: images[slice]!.position }],
      ...(!isOneWay && orientation(slice)),
      SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segment }],
    })),
  };
}

function pixelMeasures({ images }: WholeOrigin): Elements {
  const [first] = images as WholeOrigin["images"] & [WholeOrigin["images"][number]];
  const normal = planeNormal(first.orientation);
  const steps = images.slice(1).map(({ position }, i) => dot(minus(position, images[i]!.position), normal));
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  const isEven = steps.every((step) => Math.abs(step - mean) < EVEN);
  return {
    PixelMeasuresSequence: [
      {
        PixelSpacing: first.pixelSpacing,
        SliceThickness: first.sliceThickness ?? mean,
        ...(isEven && { SpacingBetweenSlices: mean }),
      },
    ],
  };
}
