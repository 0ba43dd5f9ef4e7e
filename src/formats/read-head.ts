import type { ByteSource } from "../byte-source.ts";
import { type CheckedFormat, inflateStart } from "../inflate.ts";
import { damagedImage } from "./image-error.ts";

/** Compressed bytes that hold the beginning of a file, whatever they hold. */
const PACKED_HEAD = 65536;

/** The first bytes of a source, or all there are. */
export async function readHead(source: ByteSource, bytes: number): Promise<Uint8Array> {
  const head = new Uint8Array(Math.min(bytes, source.size));
  return head.subarray(0, await source.read(0, head));
}

/** What a deflate stream that begins at an offset is wrapped in, by its first two bytes. */
export async function compressionOf(source: ByteSource, at: number): Promise<CheckedFormat> {
  const magic = new Uint8Array(2);
  await source.read(at, magic);
  return isGzip(magic) ? "gzip" : "zlib";
}

/** Whether a file begins like a gzip file. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * The first bytes that a gzip file holds, unchecked.
 *
 * @throws PleuraError `truncated` when the stream is damaged
 */
export async function unpackHead(source: ByteSource, bytes: number): Promise<Uint8Array> {
  try {
    return inflateStart("gzip", await readHead(source, PACKED_HEAD), bytes);
  } catch (cause) {
    throw damagedImage(source.name, cause);
  }
}
