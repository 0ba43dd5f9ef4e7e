import { pipeline, Readable } from "node:stream";
import { promisify } from "node:util";
import { createGunzip, createInflate, gunzip } from "node:zlib";
import type { ByteSource } from "../byte-source.ts";
import { asGzip, ChecksumError, type Inflate, type Unpack } from "../inflate.ts";

const gunzipAside = promisify<Uint8Array, object, Buffer>(gunzip);

/** Bytes that are read, and bytes that are inflated, at a time. */
const CHUNK = 1 << 20;

/**
 * Inflates in one of Node's own threads, while this one works on. As a gzip file, since zlib then
 * checks length and CRC-32 on its way.
 */
export const inflateAside: Inflate = async (compressed, bytes, crc) => {
  const file = asGzip(compressed, bytes, crc);
  // One byte more than there should be, so that all of it comes in one piece.
  const options = { chunkSize: Math.max(64, bytes + 1), maxOutputLength: Math.max(1, bytes) };
  return gunzipAside(file, options).catch((error) => {
    throw translated(error, "gzip");
  });
};

/** Unpacks in one of Node's own threads; zlib checks lengths and checksums. */
export const unpackAside: Unpack = async function* (format, source, from) {
  const stream = (format === "gzip" ? createGunzip : createInflate)({ chunkSize: CHUNK });
  let readError: unknown;
  const chunks = Readable.from(chunksOf(source, from), { objectMode: true, highWaterMark: 2 });
  chunks.on("error", (error) => {
    readError ??= error;
  });
  pipeline(chunks, stream, () => undefined);
  try {
    for await (const piece of stream) yield piece as Buffer;
  } catch (error) {
    throw readError ?? translated(error, format);
  }
  await refuseRest(source, from + stream.bytesWritten, format);
};

async function* chunksOf(source: ByteSource, from: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < source.size; ) {
    const chunk = new Uint8Array(Math.min(CHUNK, source.size - at));
    const read = await source.read(at, chunk);
    if (read === 0) return;
    at += read;
    yield chunk.subarray(0, read);
  }
}

/** What follows a stream is surplus, unless gzip's own rules let zeros fill up the last block. */
async function refuseRest(source: ByteSource, from: number, format: string): Promise<void> {
  for await (const chunk of chunksOf(source, from)) {
    if (format !== "gzip" || chunk.some((byte) => byte !== 0)) {
      throw new Error(`${source.size - from} bytes follow the stream`);
    }
  }
}

function translated(error: unknown, format: string): unknown {
  const isMismatch = error instanceof Error && error.message === "incorrect data check";
  return isMismatch ? new ChecksumError(format === "gzip" ? "CRC-32" : "Adler-32") : error;
}
