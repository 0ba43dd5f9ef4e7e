import dicomParser, { type DataSet } from "dicom-parser";
import { inflateStart } from "../inflate.ts";
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
/** Headers deflate to about a tenth. */
const GROWTH = 16;
const UNDEFINED_LENGTH = 0xffffffff;

/** Whether these first bytes of a file can be DICOM, with or without preamble and file meta. */
export function looksLikeDicom(prefix: Uint8Array): boolean {
  return hasPreamble(prefix) || startsWithMeta(prefix) || guessSyntax(prefix, 0) !== undefined;
}

/**
 * Parses the first bytes of a file up to its pixel data.
 *
 * @param prefix - the beginning of the file, or all of it
 * @returns `undefined` when the pixel data does not begin within these bytes: they are too few,
 * or this is not an image
 */
export function parseHeader(prefix: Uint8Array): Header | undefined {
  try {
    const meta = readMeta(prefix);
    const syntax = transferSyntax(meta.uid);
    const rest = prefix.subarray(meta.end);
    const data = syntax?.deflated ? inflateStart("raw", rest, GROWTH * rest.length) : rest;
    const parseAs = syntax?.deflated ? EXPLICIT_LITTLE_ENDIAN : meta.uid;
    const elements = dicomParser.parseDicom(data, { TransferSyntaxUID: parseAs, untilTag: PIXEL_DATA });
    const pixels = elements.elements[PIXEL_DATA];
    if (pixels === undefined) return undefined;
    return {
      elements,
      syntaxUid: meta.uid,
      syntax,
      start: meta.end,
      pixelOffset: pixels.dataOffset,
      pixelLength: pixels.length === UNDEFINED_LENGTH ? undefined : pixels.length,
    };
  } catch {
    // dicom-parser throws strings and plain objects, all of which mean that it ran past the bytes
    // it was given or could make nothing of them; more bytes will tell.
    return undefined;
  }
}

/** Finds the end of the file meta information and the transfer syntax; tolerates neither being there. */
function readMeta(bytes: Uint8Array): { end: number; uid: string } {
  let end = 0;
  let uid: string | undefined;
  if (hasPreamble(bytes)) {
    ({ end, uid } = parseMeta(bytes));
  } else if (startsWithMeta(bytes)) {
    const whole = new Uint8Array(PREFIX_END + bytes.length);
    whole.set([0x44, 0x49, 0x43, 0x4d], PREAMBLE);
    whole.set(bytes, PREFIX_END);
    ({ end, uid } = parseMeta(whole));
    end -= PREFIX_END;
  }
  return { end, uid: uid || (guessSyntax(bytes, end) ?? IMPLICIT_LITTLE_ENDIAN) };
}

function parseMeta(bytes: Uint8Array): { end: number; uid: string | undefined } {
  const meta = dicomParser.readPart10Header(bytes) as DataSet & { readonly position: number };
  return { end: meta.position, uid: meta.string("x00020010") };
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
