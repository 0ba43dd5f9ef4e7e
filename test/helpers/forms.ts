import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ByteSource, memorySource } from "../../src/byte-source.ts";
import { type Elements, encodeDicomFile, joinParts } from "../../src/dicom/write-elements.ts";
import type { Phantom } from "../../src/phantom/phantom.ts";
import { type Pose, SLICES, type Slice } from "./luna.ts";

/** The forms in which a scan may lie in its archive. */
export const FORMS = ["plain", "prone", "feet-first", "tilted", "enhanced", "two series", "one slice missing"] as const;
export type Form = (typeof FORMS)[number];

const CT = "1.2.840.10008.5.1.4.1.1.2";
const ENHANCED_CT = "1.2.840.10008.5.1.4.1.1.2.1";
const STUDY: Elements = {
  SpecificCharacterSet: "ISO_IR 100",
  StudyDate: "20240229",
  StudyTime: "101112",
  AccessionNumber: "A 7",
  Modality: "CT",
  ReferringPhysicianName: "Ref^Erring",
  // In Latin 1, as the character set says.
  PatientName: Uint8Array.from("M\xfcller^J\xf6rg", (c) => c.charCodeAt(0)),
  PatientID: "P-0815",
  PatientBirthDate: "19501231",
  PatientSex: "M",
  StudyInstanceUID: "1.2.826.0.1.3680043.8.498.1",
  StudyID: "S1",
  FrameOfReferenceUID: "1.2.826.0.1.3680043.8.498.2",
  SamplesPerPixel: 1,
  PhotometricInterpretation: "MONOCHROME2",
  BitsAllocated: 16,
  BitsStored: 16,
  HighBit: 15,
  PixelRepresentation: 1,
};

/** A phantom's DICOM files in a form. */
export function formSources(phantom: Phantom, form: Form): ByteSource[] {
  const pose: Pose = form === "prone" || form === "feet-first" || form === "tilted" ? form : "supine";
  const slices = Array.from({ length: phantom.shape[0] }, (_, k) => SLICES[pose](phantom, k));
  if (form === "enhanced") return [enhanced(phantom, slices)];
  const kept = slices.filter((_, k) => form !== "one slice missing" || k !== 9);
  const files = kept.map((slice, k) => plain(phantom, slice, "1.2.3.1", k));
  if (form !== "two series") return files;
  const thick = slices.filter((_, k) => k % 4 === 0).map((slice, k) => plain(phantom, slice, "1.2.3.2", k));
  return [...thick, ...files];
}

/** Writes a form's files into a folder. */
export async function writeForm(folder: string, phantom: Phantom, form: Form): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const source of formSources(phantom, form)) {
    const bytes = new Uint8Array(source.size);
    await source.read(0, bytes);
    writeFileSync(join(folder, source.name), bytes);
  }
}

function plain({ shape, spacing }: Phantom, slice: Slice, series: string, k: number): ByteSource {
  const parts = encodeDicomFile(
    { sopClass: CT, sopInstance: `${series}.${k + 1}` },
    {
      ...STUDY,
      ImageType: ["ORIGINAL", "PRIMARY", "AXIAL"],
      SeriesInstanceUID: series,
      SeriesNumber: 3,
      InstanceNumber: k + 1,
      SliceThickness: spacing[0],
      Rows: shape[1],
      Columns: shape[2],
      PixelSpacing: [spacing[1], spacing[2]],
      ImagePositionPatient: slice.position,
      ImageOrientationPatient: slice.orientation,
      RescaleIntercept: 0,
      RescaleSlope: 1,
      PixelData: new Uint8Array(slice.pixels.slice().buffer),
    },
  );
  return memorySource(`${series}-${String(k).padStart(3, "0")}.dcm`, joinParts(parts));
}

function enhanced({ shape, spacing }: Phantom, slices: readonly Slice[]): ByteSource {
  const parts = encodeDicomFile(
    { sopClass: ENHANCED_CT, sopInstance: "1.2.3.9.1" },
    {
      ...STUDY,
      ImageType: ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"],
      SeriesInstanceUID: "1.2.3.9",
      SeriesNumber: 3,
      InstanceNumber: 1,
      Rows: shape[1],
      Columns: shape[2],
      NumberOfFrames: slices.length,
      SharedFunctionalGroupsSequence: [
        { PixelMeasuresSequence: [{ PixelSpacing: [spacing[1], spacing[2]], SliceThickness: spacing[0] }] },
      ],
      PerFrameFunctionalGroupsSequence: slices.map(({ position, orientation }) => ({
        PlanePositionSequence: [{ ImagePositionPatient: position }],
        PlaneOrientationSequence: [{ ImageOrientationPatient: orientation }],
      })),
      PixelData: slices.map(({ pixels }) => new Uint8Array(pixels.slice().buffer)),
    },
  );
  return memorySource("enhanced.dcm", joinParts(parts));
}
