import type { ByteSource } from "../byte-source.ts";
import { PleuraError } from "../errors.ts";
import { ChecksumError, type Inflate, inflateStart } from "../inflate.ts";

/** Whether a file is a DICOM file that was compressed by gzip. */
export function isGzippedDicom(name: string): boolean {
  return /\.(dcm|dicom|ima)\.gz$/i.test(name);
}

/** Whether the first bytes of a file are those of one that gzip made, whatever its name says. */
export function beginsAsGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === DEFLATE;
}

/** The fixed part of a member's header, and what follows its data: CRC-32 and length (RFC 1952). */
const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const DEFLATE = 8;
/** Flags: header checksum, extra field, name, comment. */
const [HAS_CRC, HAS_EXTRA, HAS_NAME, HAS_COMMENT] = [2, 4, 8, 16];
/** Deflate gives at most this many bytes for one; a file that promises more is forged. */
const DEFLATE_LIMIT = 1032;
/** Deflate makes nothing longer by more than this. */
const SLACK = 65536;

/**
 * Makes sources of gzipped DICOM files. Only the file that was read last is kept unpacked, and no more
 * of it than somebody reads. A file that is read to its end is checked against its CRC-32.
 *
 * @param inflate - for files that are read to their end
 * @returns makes the source of one file; it throws PleuraError `truncated` when the file is damaged
 */
export function gzipReader(inflate: Inflate): (file: ByteSource) => Promise<ByteSource> {
  let last: { readonly file: ByteSource; readonly bytes: Uint8Array } | undefined;

  async function unpacked(file: ByteSource, { start, size, crc }: Member, end: number): Promise<Uint8Array> {
    const known = last?.file === file ? last.bytes : undefined;
    if (known !== undefined && known.length >= end) return known;
    const wanted = Math.min(size, known === undefined ? end : Math.max(end, 2 * known.length));
    const packed = new Uint8Array(Math.min(file.size - TRAILER_BYTES - start, 2 * wanted + SLACK));
    await file.read(start, packed);
    const bytes = wanted < size ? inflateStart("raw", packed, wanted) : await inflate(packed, size, crc);
    if (bytes.length < wanted) throw new Error("it ends too early");
    last = { file, bytes };
    return bytes;
  }

  return async (file) => {
    const member = await guard(file.name, () => readMember(file));
    return {
      name: file.name,
      size: member.size,
      read: (offset, target) =>
        guard(file.name, async () => {
          const end = Math.min(offset + target.length, member.size);
          if (end <= offset) return 0;
          const part = (await unpacked(file, member, end)).subarray(offset, end);
          target.set(part);
          return part.length;
        }),
    };
  };
}

/** Where a file's deflate stream begins, and what its trailer says of its content. */
interface Member {
  readonly start: number;
  readonly size: number;
  readonly crc: number;
}

async function readMember(file: ByteSource): Promise<Member> {
  const head = new Uint8Array(Math.min(file.size, SLACK));
  await file.read(0, head);
  const trailer = new Uint8Array(TRAILER_BYTES);
  if (file.size < HEADER_BYTES + TRAILER_BYTES) throw new Error("it ends too early");
  await file.read(file.size - TRAILER_BYTES, trailer);
  const view = new DataView(trailer.buffer);
  const member = { start: streamStart(head), crc: view.getUint32(0, true), size: view.getUint32(4, true) };
  if (member.size > DEFLATE_LIMIT * file.size) throw new Error("it promises too much");
  return member;
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

async function guard<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof PleuraError) throw cause;
    if (cause instanceof ChecksumError) {
      throw new PleuraError("checksum-mismatch", "The file's bytes are not those that were compressed", {
        stage: "read",
        file,
        ...cause.figures,
        hint: "Copy the file again",
        cause,
      });
    }
    throw new PleuraError("truncated", "The gzip file is damaged", {
      stage: "read",
      file,
      hint: "Copy the file again",
      cause,
    });
  }
}
