import { Gunzip, Inflate as InflateStream, inflateSync, Unzlib } from "fflate";
import type { ByteSource } from "./byte-source.ts";
import { adler32, crc32, hexChecksum } from "./checksums.ts";

/** What surrounds a deflate stream. */
export type DeflateFormat = "raw" | "zlib" | "gzip";

/** Formats that carry a checksum of what they hold. */
export type CheckedFormat = Exclude<DeflateFormat, "raw">;

const STREAMS = { raw: InflateStream, zlib: Unzlib, gzip: Gunzip } as const;
/** Compressed bytes at a time: what they can grow to at most is the memory that a forged stream takes. */
const STEP = 16384;
const GZIP_HEADER = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
const GZIP_TRAILER_BYTES = 8;
const ADLER_BYTES = 4;

/**
 * Inflates a whole raw stream and checks it: in this thread, or in others.
 *
 * @param compressed - the stream
 * @param bytes - how many bytes it holds, as its archive promises; never more memory is taken
 * @param crc - CRC-32 of these bytes, as the archive states
 * @throws Error when it is damaged, holds another number of bytes, or has another CRC-32
 */
export type Inflate = (compressed: Uint8Array, bytes: number, crc: number) => Uint8Array | Promise<Uint8Array>;

/**
 * Inflates a whole file piece by piece and checks it: in this thread, or in others.
 *
 * @param source - the compressed bytes
 * @param from - where in the source they begin; they end with it
 * @returns the inflated bytes in pieces, each in memory of its own; only the end of the iteration
 * says that their checksum is right
 * @throws Error when the stream is damaged, or something follows it; {@link ChecksumError}
 */
export type Unpack = (format: CheckedFormat, source: ByteSource, from: number) => AsyncIterable<Uint8Array>;

/** The bytes are not those that a checksum was made of. */
export class ChecksumError extends Error {
  override readonly name = "ChecksumError";

  /**
   * @param kind - "CRC-32", "Adler-32"
   * @param measured - of the bytes that are there; `undefined` where the platform does not tell
   * @param stated - what the file states
   */
  constructor(
    readonly kind: string,
    readonly measured?: number,
    readonly stated?: number,
  ) {
    super(`${kind} does not match`);
  }

  /** What was found and what the file states, for a message. */
  get figures(): { readonly measured?: string; readonly limit?: string } {
    if (this.measured === undefined || this.stated === undefined) return {};
    return {
      measured: `${this.kind} ${hexChecksum(this.measured)}`,
      limit: `${this.kind} ${hexChecksum(this.stated)}, which the file states`,
    };
  }
}

/** Inflates in this thread. */
export const inflateHere: Inflate = (compressed, bytes, crc) => {
  const inflated = inflateSync(compressed, { out: new Uint8Array(bytes) });
  if (inflated.length !== bytes) throw new Error(`${inflated.length} bytes instead of ${bytes}`);
  checkCrc(inflated, crc);
  return inflated;
};

/**
 * Checks bytes against the CRC-32 that an archive states.
 *
 * @throws ChecksumError
 */
export function checkCrc(bytes: Uint8Array, stated: number): void {
  const measured = crc32(bytes);
  if (measured !== stated) throw new ChecksumError("CRC-32", measured, stated);
}

/**
 * Wraps a raw stream as a gzip file, for unpackers that check what they inflate.
 *
 * @param compressed - the raw stream
 * @param bytes - how many bytes it holds
 * @param crc - their CRC-32
 */
export function asGzip(compressed: Uint8Array, bytes: number, crc: number): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(GZIP_HEADER.length + compressed.length + GZIP_TRAILER_BYTES);
  file.set(GZIP_HEADER);
  file.set(compressed, GZIP_HEADER.length);
  const trailer = new DataView(file.buffer, file.length - GZIP_TRAILER_BYTES);
  trailer.setUint32(0, crc, true);
  trailer.setUint32(4, bytes % 2 ** 32, true);
  return file;
}

/**
 * Unpacks in this thread. A gzip file may have several members, and zeros behind the last one, which fill up
 * a block of a tape or a disk.
 */
export const unpackHere: Unpack = async function* (format, source, from) {
  const isGzip = format === "gzip";
  const used = isGzip ? await endOfContent(source, from) : source.size;
  // A stream may end in zeros, and so may its trailer. More than three would be taken for another member's header.
  const end = Math.min(source.size, used + 3);
  const pieces: Uint8Array[] = [];
  const sums: Sum[] = [{ checksum: isGzip ? 0 : 1, bytes: 0 }];
  const take = (piece: Uint8Array) => {
    const sum = sums.at(-1)!;
    sum.checksum = isGzip ? crc32(piece, sum.checksum) : adler32(piece, sum.checksum);
    sum.bytes += piece.length;
    if (piece.length > 0) pieces.push(piece);
  };
  const stream = new STREAMS[format](take);
  if (stream instanceof Gunzip) {
    stream.onmember = (offset) => {
      sums.at(-1)!.end = from + offset;
      sums.push({ checksum: 0, bytes: 0 });
    };
  }
  for (let at = from; at < end; ) {
    const chunk = new Uint8Array(Math.min(STEP, end - at));
    const read = await source.read(at, chunk);
    at += read;
    const isLast = read < chunk.length || at >= end;
    stream.push(chunk.subarray(0, read), isLast);
    yield* pieces.splice(0);
    if (isLast) break;
  }
  for (const sum of sums) await checkTrailer(format, source, sum, used);
};

/** What was inflated of a stream, or of one member of a gzip file. */
interface Sum {
  /** Where in the source its last byte lies, and one more; the last member does not know it. */
  end?: number;
  checksum: number;
  bytes: number;
}

/** Where the zeros begin that a source ends in. */
async function endOfContent(source: ByteSource, from: number): Promise<number> {
  for (let end = source.size; end > from; ) {
    const chunk = new Uint8Array(Math.min(STEP, end - from));
    await source.read(end - chunk.length, chunk);
    const last = chunk.findLastIndex((byte) => byte !== 0);
    if (last >= 0) return end - chunk.length + last + 1;
    end -= chunk.length;
  }
  return from;
}

/**
 * Compares what was inflated with the checksum behind the stream.
 *
 * @param used - where the zeros begin that the source ends in: some of them may be the trailer's own
 */
async function checkTrailer(format: CheckedFormat, source: ByteSource, sum: Sum, used: number): Promise<void> {
  const { checksum, bytes } = sum;
  const isGzip = format === "gzip";
  const right = new Uint8Array(isGzip ? GZIP_TRAILER_BYTES : ADLER_BYTES);
  const expected = new DataView(right.buffer);
  expected.setUint32(0, checksum, isGzip);
  if (isGzip) expected.setUint32(4, bytes % 2 ** 32, true);
  const ownZeros = right.length - 1 - right.findLastIndex((byte) => byte !== 0);
  const end = sum.end ?? (isGzip ? Math.min(source.size, used + ownZeros) : source.size);

  const trailer = new Uint8Array(right.length);
  if (end < trailer.length || (await source.read(end - trailer.length, trailer)) < trailer.length) {
    throw new Error("it ends too early");
  }
  const view = new DataView(trailer.buffer);
  const stated = view.getUint32(0, isGzip);
  if (checksum !== stated) throw new ChecksumError(isGzip ? "CRC-32" : "Adler-32", checksum, stated);
  if (isGzip && view.getUint32(4, true) !== bytes % 2 ** 32) throw new Error("another length is stated");
}

/**
 * Inflates the beginning of a stream. Nothing of it is checked: that takes the whole stream.
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
