import { type Elements, encodeDicomFile, joinParts } from "../dicom/write-elements.ts";
import { indexToPatient } from "../volume/affine.ts";
import { PADDING_HU } from "./finish-slice.ts";
import type { Phantom } from "./phantom.ts";
import { uidFromText } from "./uid.ts";

/** Series Instance UID that the DICOM files of a phantom have. */
export function phantomSeriesUid(phantom: Phantom): string {
  return uidFromText(identityOf(phantom), UID.series);
}

function identityOf({ seed, shape, spacing, truth }: Phantom): string {
  return JSON.stringify([seed, shape, spacing, truth]);
}

/** One file of the series. */
export interface PhantomFile {
  /** `IMG0001.dcm` and on, from the head down. */
  readonly name: string;
  /** The DICOM file, preamble included. */
  readonly bytes: Uint8Array;
}

const CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";
const INTERCEPT = -1024;
/** Indices of the series' own UIDs; those of the slices follow. */
const UID = { study: 0, series: 1, frameOfReference: 2, firstSlice: 16 } as const;

/**
 * The phantom as a DICOM series: CT Image Storage, Explicit VR Little Endian, signed 16 bits,
 * one file a slice, made one after the other. The same phantom gives the same bytes.
 *
 * @param phantom - from `makePhantom`
 */
export async function* phantomToDicom(phantom: Phantom): AsyncGenerator<PhantomFile, void, undefined> {
  const slices = phantom.shape[0];
  const identity = identityOf(phantom);
  const series = seriesElements(phantom, identity);
  for (let number = 1; number <= slices; number++) {
    const file = { sopClass: CT_IMAGE_STORAGE, sopInstance: uidFromText(identity, UID.firstSlice + number) };
    const elements = { ...series, ...sliceElements(phantom, slices - number), InstanceNumber: number };
    yield {
      name: `IMG${String(number).padStart(4, "0")}.dcm`,
      bytes: joinParts(encodeDicomFile(file, elements)),
    };
  }
}

function seriesElements({ shape, spacing, seed }: Phantom, identity: string): Elements {
  return {
    SpecificCharacterSet: "ISO_IR 192",
    ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
    StudyDate: "",
    StudyTime: "",
    AccessionNumber: "",
    Modality: "CT",
    Manufacturer: "pleura",
    ManufacturerModelName: "phantom",
    ReferringPhysicianName: "",
    StudyDescription: "Synthetic chest",
    SeriesDescription: "Synthetic chest",
    PatientName: "Phantom^Chest",
    PatientID: `phantom-${seed}`,
    PatientBirthDate: "",
    PatientSex: "",
    BodyPartExamined: "CHEST",
    SliceThickness: decimal(spacing[0]),
    KVP: "120",
    PatientPosition: "HFS",
    StudyInstanceUID: uidFromText(identity, UID.study),
    SeriesInstanceUID: uidFromText(identity, UID.series),
    StudyID: "",
    SeriesNumber: "1",
    AcquisitionNumber: "1",
    ImageOrientationPatient: ["1", "0", "0", "0", "1", "0"],
    FrameOfReferenceUID: uidFromText(identity, UID.frameOfReference),
    PositionReferenceIndicator: "",
    SamplesPerPixel: 1,
    PhotometricInterpretation: "MONOCHROME2",
    Rows: shape[1],
    Columns: shape[2],
    PixelSpacing: [decimal(spacing[1]), decimal(spacing[2])],
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    PixelPaddingValue: PADDING_HU - INTERCEPT,
    WindowCenter: "-600",
    WindowWidth: "1500",
    RescaleIntercept: String(INTERCEPT),
    RescaleSlope: "1",
    RescaleType: "HU",
  };
}

function sliceElements({ voxels, shape, affine }: Phantom, slice: number): Elements {
  const pixels = shape[1] * shape[2];
  const stored = voxels.slice(slice * pixels, (slice + 1) * pixels);
  for (let i = 0; i < pixels; i++) stored[i]! -= INTERCEPT;
  const position = indexToPatient(affine, [slice, 0, 0]);
  return {
    ImagePositionPatient: position.map(decimal),
    SliceLocation: decimal(position[2]),
    PixelData: new Uint8Array(stored.buffer),
  };
}

/** A number as DICOM's decimal string: at most 16 characters, a millionth of a millimetre kept. */
function decimal(value: number): string {
  return String(Number(value.toFixed(6)));
}
