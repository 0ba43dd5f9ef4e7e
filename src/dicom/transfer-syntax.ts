/** How a compressed frame is encoded. */
export type FrameEncoding = "rle" | "jpeg" | "jpeg-lossless" | "jpeg-ls" | "jpeg-2000" | "htj2k";

/** How the pixels of one frame are stored: as they are, or by which compression. */
export type PixelEncoding = "native" | FrameEncoding;

/** What a transfer syntax says about the bytes of a file (DICOM PS3.5, section 10 and annex A). */
export interface TransferSyntax {
  readonly uid: string;
  readonly bigEndian: boolean;
  /** Whether everything after the file meta information is one deflate stream. */
  readonly deflated: boolean;
  readonly encoding: PixelEncoding;
  /** Whether the encoding always loses something; one that only may is told by the file itself. */
  readonly lossy: boolean;
}

/** Implicit VR little endian, the default of the standard. */
export const IMPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2";
/** Explicit VR little endian. */
export const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
/** Explicit VR big endian, retired but alive in archives. */
export const EXPLICIT_BIG_ENDIAN = "1.2.840.10008.1.2.2";
const DEFLATED = "1.2.840.10008.1.2.1.99";

/** Syntaxes whose pixels are never what the scanner gave. */
const ALWAYS_LOSSY: ReadonlySet<string> = new Set([
  "1.2.840.10008.1.2.4.50",
  "1.2.840.10008.1.2.4.51",
  "1.2.840.10008.1.2.4.81",
]);

const ENCODINGS: ReadonlyMap<string, PixelEncoding> = new Map<string, PixelEncoding>([
  [IMPLICIT_LITTLE_ENDIAN, "native"],
  [EXPLICIT_LITTLE_ENDIAN, "native"],
  [EXPLICIT_BIG_ENDIAN, "native"],
  [DEFLATED, "native"],
  ["1.2.840.10008.1.2.5", "rle"],
  ["1.2.840.10008.1.2.4.50", "jpeg"],
  ["1.2.840.10008.1.2.4.51", "jpeg"],
  ["1.2.840.10008.1.2.4.57", "jpeg-lossless"],
  ["1.2.840.10008.1.2.4.70", "jpeg-lossless"],
  ["1.2.840.10008.1.2.4.80", "jpeg-ls"],
  ["1.2.840.10008.1.2.4.81", "jpeg-ls"],
  ["1.2.840.10008.1.2.4.90", "jpeg-2000"],
  ["1.2.840.10008.1.2.4.91", "jpeg-2000"],
  ["1.2.840.10008.1.2.4.201", "htj2k"],
  ["1.2.840.10008.1.2.4.202", "htj2k"],
  ["1.2.840.10008.1.2.4.203", "htj2k"],
]);

/** Whether a UID is of the form of DICOM's own syntaxes (PS3.6), known words; anything else may stand in its place. */
export function isStandardSyntax(uid: string): boolean {
  return /^1\.2\.840\.10008\.1\.2[\d.]{0,12}$/.test(uid);
}

/** The properties of a transfer syntax; `undefined` when it is not one that pleura can read. */
export function transferSyntax(uid: string): TransferSyntax | undefined {
  const encoding = ENCODINGS.get(uid);
  if (encoding === undefined) return undefined;
  return {
    uid,
    bigEndian: uid === EXPLICIT_BIG_ENDIAN,
    deflated: uid === DEFLATED,
    encoding,
    lossy: ALWAYS_LOSSY.has(uid),
  };
}
