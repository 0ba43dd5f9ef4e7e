import { type ByteSource, memorySource } from "../../src/byte-source.ts";
import { readNpz } from "./npz.ts";

/** The files of `test/goldens/dicom/<name>.npz`, in the order of their names, and its other arrays. */
export function goldenSeries(name: string): { sources: ByteSource[]; array: ReturnType<typeof readNpz> } {
  const array = readNpz(new URL(`../goldens/dicom/${name}.npz`, import.meta.url));
  const sources: ByteSource[] = [];
  for (;;) {
    try {
      const file = `file${sources.length}`;
      sources.push(memorySource(`${file}.dcm`, array(file).data as Uint8Array));
    } catch {
      return { sources, array };
    }
  }
}

/** Values of the elements of a made-up file; `null` leaves an element out. */
export type Elements = Readonly<Record<string, string | number | readonly number[] | Uint8Array | null>>;

/** Tag and VR of the elements that `dicomFile` can write, in the order of their tags. */
const DICTIONARY: Readonly<Record<string, readonly [group: number, element: number, vr: string]>> = {
  ImageType: [0x0008, 0x0008, "CS"],
  SOPClassUID: [0x0008, 0x0016, "UI"],
  SOPInstanceUID: [0x0008, 0x0018, "UI"],
  AccessionNumber: [0x0008, 0x0050, "SH"],
  Modality: [0x0008, 0x0060, "CS"],
  InstitutionName: [0x0008, 0x0080, "LO"],
  ReferringPhysicianName: [0x0008, 0x0090, "PN"],
  StudyDescription: [0x0008, 0x1030, "LO"],
  SeriesDescription: [0x0008, 0x103e, "LO"],
  PatientName: [0x0010, 0x0010, "PN"],
  PatientID: [0x0010, 0x0020, "LO"],
  PatientBirthDate: [0x0010, 0x0030, "DA"],
  PatientComments: [0x0010, 0x4000, "LT"],
  SliceThickness: [0x0018, 0x0050, "DS"],
  ProtocolName: [0x0018, 0x1030, "LO"],
  PatientPosition: [0x0018, 0x5100, "CS"],
  StudyInstanceUID: [0x0020, 0x000d, "UI"],
  SeriesInstanceUID: [0x0020, 0x000e, "UI"],
  SeriesNumber: [0x0020, 0x0011, "IS"],
  AcquisitionNumber: [0x0020, 0x0012, "IS"],
  InstanceNumber: [0x0020, 0x0013, "IS"],
  ImagePositionPatient: [0x0020, 0x0032, "DS"],
  ImageOrientationPatient: [0x0020, 0x0037, "DS"],
  SliceLocation: [0x0020, 0x1041, "DS"],
  ImageComments: [0x0020, 0x4000, "LT"],
  SamplesPerPixel: [0x0028, 0x0002, "US"],
  NumberOfFrames: [0x0028, 0x0008, "IS"],
  Rows: [0x0028, 0x0010, "US"],
  Columns: [0x0028, 0x0011, "US"],
  PixelSpacing: [0x0028, 0x0030, "DS"],
  BitsAllocated: [0x0028, 0x0100, "US"],
  BitsStored: [0x0028, 0x0101, "US"],
  HighBit: [0x0028, 0x0102, "US"],
  PixelRepresentation: [0x0028, 0x0103, "US"],
  PixelPaddingValue: [0x0028, 0x0120, "US"],
  RescaleIntercept: [0x0028, 0x1052, "DS"],
  RescaleSlope: [0x0028, 0x1053, "DS"],
  LossyImageCompression: [0x0028, 0x2110, "CS"],
  PrivateText: [0x0029, 0x1010, "LO"],
  PixelData: [0x7fe0, 0x0010, "OW"],
};

const DEFAULTS: Elements = {
  ImageType: "ORIGINAL\\PRIMARY\\AXIAL",
  SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
  Modality: "CT",
  PatientName: "Doe^Jane",
  PatientID: "secret-7",
  SeriesInstanceUID: "1.2.3.4",
  InstanceNumber: 1,
  ImagePositionPatient: [0, 0, 0],
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  SamplesPerPixel: 1,
  Rows: 4,
  Columns: 5,
  PixelSpacing: [1, 1],
  BitsAllocated: 16,
  BitsStored: 16,
  HighBit: 15,
  PixelRepresentation: 1,
  RescaleIntercept: 0,
  RescaleSlope: 1,
};

/** A CT image of explicit little endian bytes; its pixels are zeros unless they are given. */
export function dicomFile(elements: Elements = {}, syntax = "1.2.840.10008.1.2.1"): Uint8Array {
  const all: Elements = { ...DEFAULTS, ...elements };
  const parts = [new Uint8Array(128), ascii("DICM"), element(0x0002, 0x0010, "UI", syntax)];
  for (const [name, [group, number, vr]] of Object.entries(DICTIONARY)) {
    const value = name === "PixelData" && all[name] === undefined ? zeroPixels(all) : all[name];
    if (value !== undefined && value !== null) parts.push(element(group, number, vr, value));
  }
  return concat(parts);
}

function zeroPixels({ Rows, Columns, BitsAllocated }: Elements): Uint8Array {
  return new Uint8Array((Number(Rows) * Number(Columns) * Number(BitsAllocated)) / 8);
}

/** An axial series of made-up files, `step` mm apart; `change` gives each slice its own elements. */
export function dicomSeries(slices: number, change: (k: number) => Elements = () => ({}), step = 2): ByteSource[] {
  return Array.from({ length: slices }, (_, k) =>
    memorySource(
      `slice${k}.dcm`,
      dicomFile({ InstanceNumber: k + 1, ImagePositionPatient: [0, 0, k * step], ...change(k) }),
    ),
  );
}

/** Little endian bytes of 16-bit values. */
export function words(values: ArrayLike<number>): Uint8Array {
  return new Uint8Array(Int16Array.from(values).buffer);
}

function element(group: number, number: number, vr: string, value: NonNullable<Elements[string]>): Uint8Array {
  const bytes = valueBytes(vr, value);
  const long = vr === "OW" || vr === "OB";
  const head = new DataView(new ArrayBuffer(long ? 12 : 8));
  head.setUint16(0, group, true);
  head.setUint16(2, number, true);
  head.setUint8(4, vr.charCodeAt(0));
  head.setUint8(5, vr.charCodeAt(1));
  if (long) head.setUint32(8, bytes.length, true);
  else head.setUint16(6, bytes.length, true);
  return concat([new Uint8Array(head.buffer), bytes]);
}

function valueBytes(vr: string, value: NonNullable<Elements[string]>): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (vr === "US") return words([Number(value)]);
  const text = typeof value === "object" ? value.join("\\") : String(value);
  return ascii(text.length % 2 === 0 ? text : text + (vr === "UI" ? "\0" : " "));
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
