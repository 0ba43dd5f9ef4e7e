/** What the file's header says of a frame; a codec must not take more memory than this needs. */
export interface FrameSize {
  readonly rows: number;
  readonly columns: number;
  /** Bits of a stored value: 8 or 16. */
  readonly bitsAllocated: number;
}

/** One decoded grey frame. */
export interface DecodedFrame {
  readonly rows: number;
  readonly columns: number;
  /** Rows × columns values of `bytesPerValue`, little endian, in memory of their own. */
  readonly bytes: Uint8Array;
  readonly bytesPerValue: 1 | 2;
  /** Significant bits of a value, as the encoded stream says. */
  readonly precision: number;
  /** Whether the encoded stream itself holds signed values. */
  readonly signed: boolean;
  /** Whether a length in the stream had to be put right before it could be decoded. */
  readonly isRepaired?: boolean;
}

/**
 * Decodes one frame.
 *
 * @throws Error, or anything else, when the stream is damaged or not what it should be
 */
export type Codec = (encoded: Uint8Array, size: FrameSize) => DecodedFrame;

/** A damaged or foreign stream; the reader adds the file's name. */
export class CodecError extends Error {
  override readonly name = "CodecError";
}
