import { Gunzip, Inflate as InflateStream, inflateSync, Unzlib } from "fflate";

/** What surrounds a deflate stream. */
export type DeflateFormat = "raw" | "zlib" | "gzip";

const STREAMS = { raw: InflateStream, zlib: Unzlib, gzip: Gunzip } as const;
/** Compressed bytes at a time: what they can grow to at most is the memory that a forged stream takes. */
const STEP = 16384;

/**
 * Inflates a whole raw stream: in this thread, or in others.
 *
 * @param compressed - the stream
 * @param bytes - how many bytes it holds, as its archive promises; never more memory is taken
 * @throws Error when it is damaged or holds more
 */
export type Inflate = (compressed: Uint8Array, bytes: number) => Uint8Array | Promise<Uint8Array>;

/** Inflates in this thread. */
export const inflateHere: Inflate = (compressed, bytes) => inflateSync(compressed, { out: new Uint8Array(bytes) });

/**
 * Inflates the beginning of a stream.
 *
 * @param compressed - the stream, or as much of it as is there
 * @param bytes - how many bytes are wanted; memory is taken for these at once
 * @returns the wanted bytes, or fewer when the stream holds fewer
 * @throws Error when the stream is damaged
 */
export function inflateStart(format: DeflateFormat, compressed: Uint8Array, bytes: number): Uint8Array {
  const out = new Uint8Array(bytes);
  let done = 0;
  const stream = new STREAMS[format]((chunk) => {
    const part = chunk.subarray(0, bytes - done);
    out.set(part, done);
    done += part.length;
  });
  for (let at = 0; at < compressed.length && done < bytes; at += STEP) {
    stream.push(compressed.subarray(at, at + STEP), false);
  }
  return out.subarray(0, done);
}
