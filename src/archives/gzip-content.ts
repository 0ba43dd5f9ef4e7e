import type { ByteSource } from "../byte-source.ts";
import { counted } from "../counted.ts";
import { PleuraError } from "../errors.ts";
import { type Inflate, inflateStart, unpackHere } from "../inflate.ts";

/** The fixed part of a member's header, and what follows its data: CRC-32 and length (RFC 1952). */
const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
export const DEFLATE = 8;
/** Flags: header checksum, extra field, name, comment. */
const [HAS_CRC, HAS_EXTRA, HAS_NAME, HAS_COMMENT] = [2, 4, 8, 16];
/** Deflate gives at most this many bytes for one; a file that promises more is forged. */
const DEFLATE_LIMIT = 1032;
/** Deflate makes nothing longer by more than this share, and a few bytes. */
const GROWTH = 5 / 16383;
const SLACK = 65536;
/** Headers lie within so many bytes; whoever reads on wants the pixels. */
export const HEAD_BYTES = 8192;

/** Where a file's deflate stream begins, and what its trailer says of its content. */
export interface Member {
  readonly start: number;
  readonly size: number;
  readonly crc: number;
}

/**
 * Finds how much a file holds: by its trailer, or, when its last bytes cannot be the trailer of the one member
 * that most files are, by unpacking all of it.
 */
export async function openGzip(file: ByteSource): Promise<{ readonly member: Member; readonly whole?: Uint8Array }> {
  const head = new Uint8Array(Math.min(file.size, SLACK));
  await file.read(0, head);
  const trailer = new Uint8Array(TRAILER_BYTES);
  if (file.size < HEADER_BYTES + TRAILER_BYTES) throw new Error("it ends too early");
  await file.read(file.size - TRAILER_BYTES, trailer);
  const view = new DataView(trailer.buffer);
  const member = { start: streamStart(head), crc: view.getUint32(0, true), size: view.getUint32(4, true) };
  const packed = file.size - TRAILER_BYTES - member.start;
  const isPossible = member.size <= DEFLATE_LIMIT * packed && packed <= member.size * (1 + GROWTH) + HEADER_BYTES;
  if (isPossible) return { member };
  const whole = await unpackAll(file);
  return { member: { ...member, size: whole.length }, whole };
}

/** The first bytes, unchecked. */
export async function unpackHead(file: ByteSource, { start }: Member): Promise<Uint8Array> {
  const packed = new Uint8Array(Math.min(file.size - TRAILER_BYTES - start, 2 * HEAD_BYTES + SLACK));
  await file.read(start, packed);
  const bytes = inflateStart("raw", packed, HEAD_BYTES);
  if (bytes.length < HEAD_BYTES) throw new Error("it ends too early");
  return bytes;
}

/** All bytes, checked. */
export async function unpackWhole(
  file: ByteSource,
  { start, size, crc }: Member,
  inflate: Inflate,
): Promise<Uint8Array> {
  const packed = new Uint8Array(file.size - TRAILER_BYTES - start);
  await file.read(start, packed);
  try {
    return await inflate(packed, size, crc);
  } catch {
    // Something may follow the member: one of its own kind, or zeros. If not, this tells what is wrong.
    const bytes = await unpackAll(file);
    if (bytes.length === size) return bytes;
    throw new PleuraError("truncated", "The gzip file holds another number of bytes than its end states", {
      stage: "read",
      file: file.name,
      measured: counted(bytes.length, "byte"),
      limit: counted(size, "byte"),
      hint: "It may be several gzip files in one: unpack it with gunzip",
    });
  }
}

/** Every member of a file, checked. */
async function unpackAll(file: ByteSource): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of unpackHere("gzip", file, 0)) {
    pieces.push(piece);
    size += piece.length;
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function streamStart(head: Uint8Array): number {
  const [a, b, method, flags = 0] = head;
  if (a !== 0x1f || b !== 0x8b || method !== DEFLATE) throw new Error("it is no gzip file");
  let at = HEADER_BYTES;
  if (flags & HAS_EXTRA) at += 2 + (head[at] ?? 0) + 256 * (head[at + 1] ?? 0);
  for (const text of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & text) === 0) continue;
    const end = head.indexOf(0, at);
    if (end < 0) throw new Error("its header has no end");
    at = end + 1;
  }
  return flags & HAS_CRC ? at + 2 : at;
}
