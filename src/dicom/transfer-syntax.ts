/** How the pixels of one frame are stored: as they are, or by which compression. */
export type PixelEncoding = "native" | "rle" | "jpeg" | "jpeg-lossless" | "jpeg-ls" | "jpeg-2000" | "htj2k";

/** What a transfer syntax says about the bytes of a file (DICOM PS3.5, section 10 and annex A). */
export interface TransferSyntax {
  readonly uid: string;
  readonly bigEndian: boolean;
  /** Whether everything after the file meta information is one deflate stream. */
  readonly deflated: boolean;
  readonly encoding: PixelEncoding;
}

/** Implicit VR little endian, the default of the standard. */
export const IMPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2";
/** Explicit VR little endian. */
export const EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
/** Explicit VR big endian, retired but alive in archives. */
export const EXPLICIT_BIG_ENDIAN = "1.2.840.10008.1.2.2";
const DEFLATED = "1.2.840.10008.1.2.1.99";

const ENCODINGS: ReadonlyMap<string, PixelEncoding> = new Map<string, PixelEncoding>([
  [IMPLICIT_LITTLE_ENDIAN, "native"],
  [EXPLICIT_LITTLE_ENDIAN, "native"],
  [EXPLICIT_BIG_ENDIAN, "native"],
  [DEFLATED, "native"],
]);

/** The properties of a transfer syntax; `undefined` when it is not one that pleura can read. */
export function transferSyntax(uid: string): TransferSyntax | undefined {
  const encoding = ENCODINGS.get(uid);
  if (encoding === undefined) return undefined;
  return { uid, bigEndian: uid === EXPLICIT_BIG_ENDIAN, deflated: uid === DEFLATED, encoding };
}
