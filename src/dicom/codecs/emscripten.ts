import { counted } from "../../counted.ts";
import { type Codec, CodecError, type DecodedFrame, type FrameSize } from "./codec.ts";

/** The decoder that each of the compiled codecs exports, under its own name. */
export interface CompiledDecoder {
  getEncodedBuffer(bytes: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned?: boolean;
  };
  delete(): void;
}

/** What the compiled codecs' factories take. */
export interface CompiledOptions {
  /** The codec's WebAssembly; without it the factory looks for a file. */
  readonly wasmBinary: Uint8Array;
  readonly print: (text: string) => void;
  readonly printErr: (text: string) => void;
}

/** The first ones say what is wrong. */
const MOST_COMPLAINTS = 4;

/**
 * Options for a compiled codec: quiet, and with its WebAssembly at hand, so that nothing is fetched.
 *
 * @param complaints - gets what it prints about errors; default: nobody does
 */
export function compiledOptions(wasmBinary: Uint8Array, complaints: string[] = []): CompiledOptions {
  const take = (text: string): void => {
    const [, complaint] = /^\[ERROR\]\s*(.*\S)/.exec(text) ?? [];
    if (complaint !== undefined && complaints.length < MOST_COMPLAINTS) complaints.push(complaint);
  };
  return { wasmBinary, print: take, printErr: take };
}

/**
 * Makes a codec of a compiled decoder.
 *
 * @param create - makes a decoder, which serves one frame
 * @param check - refuses a stream by its header, before the decoder takes memory for it
 * @param complaints - what the decoder prints about errors, see {@link compiledOptions}
 */
export function compiledCodec(
  create: () => CompiledDecoder,
  check: (encoded: Uint8Array, size: FrameSize) => void,
  complaints: string[] = [],
): Codec {
  return (encoded, size): DecodedFrame => {
    check(encoded, size);
    complaints.length = 0;
    const decoder = create();
    try {
      decoder.getEncodedBuffer(encoded.length).set(encoded);
      decoder.decode();
      const { width, height, bitsPerSample, isSigned } = decoder.getFrameInfo();
      const bytesPerValue = bitsPerSample <= 8 ? 1 : 2;
      const view = decoder.getDecodedBuffer();
      // A damaged JPEG 2000 stream decodes to nothing without an error.
      const needed = size.rows * size.columns * bytesPerValue;
      if (width * height !== size.rows * size.columns || view.length < needed) {
        throw new CodecError(complaints[0] ?? `${counted(view.length, "decoded byte")} instead of ${needed}`);
      }
      // The view lies in the decoder's own memory, which goes with it.
      const bytes = view.slice(0, needed);
      return {
        rows: height,
        columns: width,
        bytes,
        bytesPerValue,
        precision: bitsPerSample,
        signed: isSigned === true,
      };
    } finally {
      decoder.delete();
    }
  };
}
