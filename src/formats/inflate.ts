import { inflateStart } from "../inflate.ts";
import { truncatedImage } from "./image-error.ts";

/**
 * Inflates the beginning of a gzip or zlib stream.
 *
 * @param file - name, for messages
 * @param bytes - how many bytes there have to be
 * @throws PleuraError `truncated` when the stream is damaged or holds fewer bytes
 */
export function inflateTo(file: string, compressed: Uint8Array, bytes: number): Uint8Array {
  const found = inflateHead(file, compressed, bytes);
  if (found.length < bytes) throw truncatedImage(file, found.length, bytes);
  return found;
}

/** The same, but a stream may hold fewer bytes than are wanted. */
export function inflateHead(file: string, compressed: Uint8Array, bytes: number): Uint8Array {
  const gzip = compressed[0] === 0x1f && compressed[1] === 0x8b;
  try {
    return inflateStart(gzip ? "gzip" : "zlib", compressed, bytes);
  } catch {
    throw truncatedImage(file, 0, bytes);
  }
}
