import { PleuraError } from "../errors.ts";
import { type Codec, CodecError, type DecodedFrame, type FrameSize } from "./codecs/codec.ts";
import { readEncapsulatedFrame } from "./encapsulated.ts";
import type { Instance } from "./instance.ts";
import type { FrameEncoding } from "./transfer-syntax.ts";

/** How stored values are to be taken. */
export interface StoredFrame {
  /** Whether they are signed, whatever the header says. */
  readonly signed: boolean;
  /** Whether a length in the compressed stream had to be put right. */
  readonly isRepaired: boolean;
}

/** Decodes compressed frames: in this thread, or in others. */
export interface FrameDecoder {
  /** How many frames to ask for at a time, so that it never waits for the next one. */
  readonly parallel: number;
  /**
   * Says that frames of an encoding are going to come, so that what it takes is there by then.
   *
   * @throws Error when the codec cannot be loaded
   */
  prepare(encoding: FrameEncoding): Promise<void>;
  /**
   * Decodes one frame.
   *
   * @throws Error when the stream is damaged or not what its header says
   */
  decode(encoding: FrameEncoding, encoded: Uint8Array, size: FrameSize): Promise<DecodedFrame>;
}

/** Decodes in this thread. */
export const decodeHere: FrameDecoder = {
  parallel: 1,
  decode,
  prepare: async (encoding) => {
    await codecFor(encoding);
  },
};

/** Each codec is loaded when the first frame needs it, and kept. */
const LOADERS: Readonly<Record<FrameEncoding, () => Promise<{ load(): Promise<Codec> }>>> = {
  rle: () => import("./codecs/rle.ts"),
  jpeg: () => import("./codecs/jpeg.ts"),
  "jpeg-lossless": () => import("./codecs/jpeg-lossless.ts"),
  "jpeg-ls": () => import("./codecs/jpeg-ls.ts"),
  "jpeg-2000": () => import("./codecs/jpeg-2000.ts"),
  htj2k: () => import("./codecs/htj2k.ts"),
};
const loaded = new Map<FrameEncoding, Promise<Codec>>();

/**
 * Decodes a compressed frame to its place in the volume.
 *
 * @param target - int16 (rows × columns)
 * @returns how the values in `target` are to be taken
 * @throws PleuraError `truncated` when the stream is damaged
 */
export async function decodeFrame(
  instance: Instance,
  encoding: FrameEncoding,
  target: Int16Array,
  decoder: FrameDecoder,
): Promise<StoredFrame> {
  const { rows, columns, bitsAllocated, signed } = instance;
  const encoded = await readEncapsulatedFrame(instance);
  try {
    const frame = await decoder.decode(encoding, encoded, { rows, columns, bitsAllocated });
    if (frame.precision > bitsAllocated) throw new CodecError(`${frame.precision} bits instead of ${bitsAllocated}`);
    return { signed: store(frame, signed, target), isRepaired: frame.isRepaired === true };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PleuraError("truncated", `A compressed frame is damaged: ${why}`, {
      stage: "read",
      file: instance.source.name,
      hint: "Copy the file again, or decompress the series with another program, such as gdcmconv --raw, and compare",
      cause,
    });
  }
}

async function decode(encoding: FrameEncoding, encoded: Uint8Array, size: FrameSize): Promise<DecodedFrame> {
  const codec = await codecFor(encoding);
  try {
    return codec(encoded, size);
  } catch (cause) {
    // Compiled codecs throw bare numbers for what they noticed themselves.
    if (!(cause instanceof Error)) throw new CodecError("the decoder gave up", { cause });
    // An error of the engine's leaves their memory in no known state: the next frame gets a new one.
    if (!(cause instanceof CodecError)) loaded.delete(encoding);
    throw cause;
  }
}

function codecFor(encoding: FrameEncoding): Promise<Codec> {
  let codec = loaded.get(encoding);
  if (codec === undefined) {
    codec = LOADERS[encoding]().then((module) => module.load());
    loaded.set(encoding, codec);
  }
  return codec;
}

/** Copies decoded values, and gives a negative one the sign that its stream does not carry. */
function store(frame: DecodedFrame, signed: boolean, target: Int16Array): boolean {
  const { bytes, bytesPerValue, precision } = frame;
  // The target may hold another volume's voxels: none of them may stay.
  if (bytes.length < bytesPerValue * target.length) throw new CodecError("fewer values than pixels");
  // Decoders give values in the host's own order.
  const values = bytesPerValue === 1 ? bytes : new Int16Array(bytes.buffer, bytes.byteOffset, target.length);
  const bits = frame.signed ? 8 * bytesPerValue : precision;
  const shift = 32 - bits;
  if (bits === 16 || !(signed || frame.signed)) target.set(values);
  else for (let i = 0; i < target.length; i++) target[i] = (values[i]! << shift) >> shift;
  // A byte without a sign is a value of its own.
  return signed || frame.signed || bytesPerValue === 1;
}
