import type { DataSet } from "dicom-parser";
import type { ByteSource } from "../byte-source.ts";
import type { Point } from "../volume/affine.ts";
import { number, numbers, text } from "./elements.ts";
import type { Header } from "./header.ts";
import type { TransferSyntax } from "./transfer-syntax.ts";

/** Direction cosines of a row and of a column: Image Orientation (Patient). */
export type Orientation = readonly [rowX: number, rowY: number, rowZ: number, colX: number, colY: number, colZ: number];

/** Where the stored pixels of an instance lie. */
export interface PixelLocation {
  /** Offset from the beginning of the file, or of the inflated data set when it is deflated. */
  readonly offset: number;
  /** Length as the header states it, bytes; `undefined` for encapsulated frames. */
  readonly length: number | undefined;
  /** Offset in the file of the deflate stream, of a deflated data set only. */
  readonly deflatedAt: number | undefined;
}

/**
 * What pleura keeps of one image file's header. Patient ID and UIDs tell patients, studies and series
 * apart, and are never written or sent. Everything an image may lack is `undefined` when it is missing.
 */
export interface Instance {
  readonly source: ByteSource;
  readonly sopClass: string | undefined;
  readonly sopInstance: string | undefined;
  readonly modality: string | undefined;
  /** Image Type, upper case: `["ORIGINAL", "PRIMARY", "AXIAL"]`. */
  readonly imageType: readonly string[];
  readonly patientId: string | undefined;
  readonly studyUid: string | undefined;
  readonly seriesUid: string;
  readonly seriesNumber: number | undefined;
  readonly acquisition: number | undefined;
  readonly instanceNumber: number | undefined;
  /** Number of Series Related Instances: how many instances the archive that sent it had of the series. */
  readonly seriesImages: number | undefined;
  /** Images in Acquisition: how many images the acquisition gave. */
  readonly acquisitionImages: number | undefined;
  /** The image that it is a part of, where a long one was sent in several instances, and how many they are. */
  readonly concatenation: { readonly uid: string; readonly parts: number } | undefined;
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  /** Number of frames in the file. */
  readonly frames: number;
  /** Which of them this is, from 0. */
  readonly frame: number;
  /** Whether each frame of the file has functional groups that say where it lies. */
  readonly grouped: boolean;
  /** For how many frames the file has functional groups. */
  readonly groups: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  /** Pixel Representation: whether stored values are two's complement. */
  readonly signed: boolean;
  readonly slope: number | undefined;
  readonly intercept: number | undefined;
  /** Pixel Padding Value, a stored value. */
  readonly padding: number | undefined;
  /** LPS position of the centre of the first pixel, millimetres. */
  readonly position: Point | undefined;
  readonly orientation: Orientation | undefined;
  /** Distance between rows, then between columns, millimetres. */
  readonly pixelSpacing: readonly [row: number, column: number] | undefined;
  readonly sliceLocation: number | undefined;
  readonly sliceThickness: number | undefined;
  /** Patient Position as the scanner's operator entered it: `HFS`, `FFP`, … */
  readonly patientPosition: string | undefined;
  /** Whether the pixels were ever compressed with loss. */
  readonly lossy: boolean;
  readonly syntaxUid: string;
  /** `undefined` when pleura cannot read the transfer syntax. */
  readonly syntax: TransferSyntax | undefined;
  readonly pixels: PixelLocation;
}

/**
 * Takes what the pipeline needs out of a parsed header.
 *
 * @returns `undefined` when the header describes no image: it lacks rows, columns or bits
 */
export function instanceFromHeader(source: ByteSource, header: Header): Instance | undefined {
  const { elements: e, syntax } = header;
  const rows = e.uint16("x00280010");
  const columns = e.uint16("x00280011");
  const bitsAllocated = e.uint16("x00280100");
  if (!rows || !columns || !bitsAllocated) return undefined;
  const bitsStored = e.uint16("x00280101") ?? bitsAllocated;
  const signed = e.uint16("x00280103") === 1;
  return {
    source,
    sopClass: text(e, "x00080016"),
    sopInstance: text(e, "x00080018"),
    modality: text(e, "x00080060"),
    imageType: (text(e, "x00080008") ?? "")
      .toUpperCase()
      .split("\\")
      .map((part) => part.trim()),
    patientId: text(e, "x00100020"),
    studyUid: text(e, "x0020000d"),
    seriesUid: text(e, "x0020000e") ?? "",
    seriesNumber: number(e, "x00200011"),
    acquisition: number(e, "x00200012"),
    instanceNumber: number(e, "x00200013"),
    seriesImages: number(e, "x00201209"),
    acquisitionImages: number(e, "x00201002"),
    concatenation: concatenationOf(e),
    rows,
    columns,
    samplesPerPixel: e.uint16("x00280002") ?? 1,
    frames: number(e, "x00280008") ?? 1,
    frame: 0,
    grouped: false,
    groups: 0,
    bitsAllocated,
    bitsStored,
    highBit: e.uint16("x00280102") ?? bitsStored - 1,
    signed,
    slope: number(e, "x00281053"),
    intercept: number(e, "x00281052"),
    padding: signed ? e.int16("x00280120") : e.uint16("x00280120"),
    position: numbers(e, "x00200032", 3) as Point | undefined,
    orientation: numbers(e, "x00200037", 6) as Orientation | undefined,
    pixelSpacing: numbers(e, "x00280030", 2) as readonly [number, number] | undefined,
    sliceLocation: number(e, "x00201041"),
    sliceThickness: number(e, "x00180050"),
    patientPosition: text(e, "x00185100"),
    lossy: text(e, "x00282110") === "01" || syntax?.lossy === true,
    syntaxUid: header.syntaxUid,
    syntax,
    pixels: {
      offset: header.pixelOffset + (syntax?.deflated ? 0 : header.start),
      length: header.pixelLength,
      deflatedAt: syntax?.deflated ? header.start : undefined,
    },
  };
}

function concatenationOf(elements: DataSet): Instance["concatenation"] {
  const uid = text(elements, "x00209161");
  const parts = elements.uint16("x00209163");
  return uid === undefined || parts === undefined ? undefined : { uid, parts };
}
