import dicomParser, { type DataSet } from "dicom-parser";
import { inflateStart } from "../inflate.ts";
import { parseDataSet } from "./data-set.ts";
import { text } from "./elements.ts";
import {
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  type TransferSyntax,
  transferSyntax,
} from "./transfer-syntax.ts";

/** The elements in front of the pixel data, and where in the file they begin. */
export interface Header {
  readonly elements: DataSet;
  /** UID as the file states it, or as its first element shows when it states none. */
  readonly syntaxUid: string;
  /** `undefined` when the syntax is not one that pleura knows. */
  readonly syntax: TransferSyntax | undefined;
  /** Offset in the file of the data set, which for a deflated one is where the stream begins. */
  readonly start: number;
  /** Offset of the pixels from `start`, in the inflated data when the data set is deflated. */
  readonly pixelOffset: number;
  /** Length of the pixel data as stated, bytes; `undefined` for encapsulated frames. */
  readonly pixelLength: number | undefined;
}

/** Pixel Data, the element where header reading ends. */
const PIXEL_DATA = "x7fe00010";
const PREAMBLE = 128;
const PREFIX_END = PREAMBLE + 4;
/** Rows, which come behind all that tells what a file is. */
const ROWS = "x00280010";
/** That much of a file tells what it is. */
const IDENTITY_BYTES = 65536;
/** The file meta information is a few hundred bytes. */
const MOST_META_BYTES = 65536;
/** Headers deflate to about a tenth. */
const GROWTH = 16;
/** No header inflates to more. */
const MOST_INFLATED = 64 * 1024 * 1024;
const UNDEFINED_LENGTH = 0xffffffff;

/** Whether these first bytes of a file can be DICOM, with or without preamble and file meta. */
export function looksLikeDicom(prefix: Uint8Array): boolean {
  return hasPreamble(prefix) || startsWithMeta(prefix) || guessSyntax(prefix, 0) !== undefined;
}

/**
 * Parses the first bytes of a file up to its pixel data.
 *
 * @param prefix - the beginning of the file, or all of it
 * @param mostReads - see `parseDataSet`
 * @returns `undefined` when the pixel data does not begin within these bytes: they are too few, or this is
 * not an image; "too long" when there are more elements in front of it than any image has
 */
export function parseHeader(prefix: Uint8Array, mostReads?: number): Header | "too long" | undefined {
  const meta = tryMeta(prefix);
  if (meta === undefined) return undefined;
  const syntax = transferSyntax(meta.uid);
  const data = dataSetBytes(prefix.subarray(meta.end), syntax);
  if (data === undefined) return undefined;
  const { dataSet, end } = parseDataSet(data, parsedAs(meta.uid, syntax), PIXEL_DATA, mostReads);
  if (end === "too many elements") return "too long";
  const pixels = dataSet.elements[PIXEL_DATA];
  if (pixels === undefined) return undefined;
  return {
    elements: dataSet,
    syntaxUid: meta.uid,
    syntax,
    start: meta.end,
    pixelOffset: pixels.dataOffset,
    pixelLength: pixels.length === UNDEFINED_LENGTH ? undefined : pixels.length,
  };
}

/** What little a file says of itself, however damaged it is. */
export interface Identity {
  /** SOP class of the file meta information. */
  readonly mediaSopClass?: string | undefined;
  readonly sopInstance?: string | undefined;
  readonly modality?: string | undefined;
  readonly seriesUid?: string | undefined;
}

/**
 * Reads as much of a file's identity as can be read, for files that are no image, or no longer one.
 *
 * @param prefix - the beginning of the file
 */
export function identify(prefix: Uint8Array): Identity {
  const bytes = prefix.subarray(0, IDENTITY_BYTES);
  const isUnmarked = !hasPreamble(bytes) && startsWithMeta(bytes.subarray(PREFIX_END));
  if (!isUnmarked && !looksLikeDicom(bytes)) return {};
  const meta = tryMeta(isUnmarked ? bytes.subarray(PREFIX_END) : bytes);
  if (meta === undefined) return {};
  const syntax = transferSyntax(meta.uid);
  const data = dataSetBytes(bytes.subarray(meta.end + (isUnmarked ? PREFIX_END : 0)), syntax);
  if (data === undefined) return { mediaSopClass: meta.sopClass };
  const { dataSet } = parseDataSet(data, parsedAs(meta.uid, syntax), ROWS);
  const value = (tag: string): string | undefined => {
    try {
      return text(dataSet, tag);
    } catch {
      // Its bytes are not all there.
      return undefined;
    }
  };
  return {
    mediaSopClass: meta.sopClass,
    sopInstance: value("x00080018"),
    modality: value("x00080060"),
    seriesUid: value("x0020000e"),
  };
}

/** The file meta information: where it ends, and what it says. */
interface Meta {
  readonly end: number;
  readonly uid: string;
  readonly sopClass: string | undefined;
}

/**
 * Parses the file meta information, and tolerates that there is none.
 *
 * @returns `undefined` when it does not end within these bytes
 */
export function tryMeta(bytes: Uint8Array): Meta | undefined {
  try {
    return readMeta(bytes.subarray(0, MOST_META_BYTES), bytes);
  } catch {
    // dicom-parser throws strings and plain objects, all of which mean that it ran past the bytes
    // it was given or could make nothing of them; more bytes will tell.
    return undefined;
  }
}

/** The bytes of a data set, inflated as far as they are there; `undefined` when they cannot be inflated. */
export function dataSetBytes(rest: Uint8Array, syntax: TransferSyntax | undefined): Uint8Array | undefined {
  if (!syntax?.deflated) return rest;
  try {
    return inflateStart("raw", rest, Math.min(GROWTH * rest.length, MOST_INFLATED));
  } catch {
    return undefined;
  }
}

/** The syntax that tells how elements are written. */
export function parsedAs(uid: string, syntax: TransferSyntax | undefined): string {
  return syntax?.deflated ? EXPLICIT_LITTLE_ENDIAN : uid;
}

/** Finds the end of the file meta information and the transfer syntax; tolerates neither being there. */
function readMeta(beginning: Uint8Array, bytes: Uint8Array): Meta {
  let end = 0;
  let uid: string | undefined;
  let sopClass: string | undefined;
  if (hasPreamble(beginning)) {
    ({ end, uid, sopClass } = parseMeta(beginning));
  } else if (startsWithMeta(beginning)) {
    const whole = new Uint8Array(PREFIX_END + beginning.length);
    whole.set([0x44, 0x49, 0x43, 0x4d], PREAMBLE);
    whole.set(beginning, PREFIX_END);
    ({ end, uid, sopClass } = parseMeta(whole));
    end -= PREFIX_END;
  }
  return { end, uid: uid || (guessSyntax(bytes, end) ?? IMPLICIT_LITTLE_ENDIAN), sopClass };
}

function parseMeta(bytes: Uint8Array): { end: number; uid: string | undefined; sopClass: string | undefined } {
  const meta = dicomParser.readPart10Header(bytes) as DataSet & { readonly position: number };
  return { end: meta.position, uid: meta.string("x00020010"), sopClass: text(meta, "x00020002") };
}

function hasPreamble(b: Uint8Array): boolean {
  return b[PREAMBLE] === 0x44 && b[PREAMBLE + 1] === 0x49 && b[PREAMBLE + 2] === 0x43 && b[PREAMBLE + 3] === 0x4d;
}

function startsWithMeta(b: Uint8Array): boolean {
  return b[0] === 2 && b[1] === 0 && b[3] === 0 && hasVr(b, 0);
}

function hasVr(b: Uint8Array, at: number): boolean {
  const isCapital = (c: number | undefined): boolean => c !== undefined && c >= 0x41 && c <= 0x5a;
  return isCapital(b[at + 4]) && isCapital(b[at + 5]);
}

/** Tells the syntax of a bare data set by its first element, which is of group 0008 in any image. */
function guessSyntax(b: Uint8Array, at: number): string | undefined {
  if (b[at] === 0 && b[at + 1] === 8 && b[at + 2] === 0 && hasVr(b, at)) return EXPLICIT_BIG_ENDIAN;
  if (b[at] !== 8 || b[at + 1] !== 0) return undefined;
  if (hasVr(b, at)) return EXPLICIT_LITTLE_ENDIAN;
  // An implicit element's length stands where the VR would; of a first element it is short.
  return b[at + 6] === 0 && b[at + 7] === 0 ? IMPLICIT_LITTLE_ENDIAN : undefined;
}
