import type { ByteSource } from "../byte-source.ts";
import { crc32 } from "../checksums.ts";
import { PleuraError } from "../errors.ts";
import { ChecksumError, checkCrc, type Inflate, inflateHere, inflateStart } from "../inflate.ts";
import { readAt, readZipDirectory, type ZipEntry } from "./zip-directory.ts";

/** Deflate gives at most this many bytes for one; an entry that promises more is forged. */
const DEFLATE_LIMIT = 1032;
const STORED = 0;
const DEFLATED = 8;
/** Bytes of the header in front of each entry, its name and extra field aside. */
const HEADER_BYTES = 30;
/** Deflate makes nothing longer by more than this. */
const SLACK = 65536;
/** A stored entry of more bytes than this is checked piece by piece, and then read where it lies. */
const AT_ONCE = 32 * 1024 * 1024;
const PIECE = 1024 * 1024;

/**
 * The files of a zip archive as sources.
 *
 * Of an entry's beginning only as much is unpacked as somebody reads; whoever reads further in gets an
 * entry that was unpacked whole, and whose CRC-32 is the one that the archive states. Only the one that was
 * read last is kept, so that an archive takes no more memory than its files would. Nothing is ever written:
 * an entry's path is but a name.
 *
 * @param inflate - for entries that are read to their end
 * @throws PleuraError `truncated` when the archive is damaged or an entry promises more bytes than
 * it can hold, `unsupported-syntax` when it is encrypted or packed in another way than by deflate; reading
 * an entry also `checksum-mismatch`
 */
export async function zipSources(archive: ByteSource, inflate: Inflate): Promise<ByteSource[]> {
  const entries = await guard(archive.name, () => readZipDirectory(archive));
  const files = entries.filter(({ name }) => !name.endsWith("/"));
  for (const entry of files) checkEntry(archive, entry);
  files.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  const checked = new Set<ZipEntry>();
  let last: { readonly entry: ZipEntry; readonly bytes: Uint8Array } | undefined;

  /** The beginning of a deflated entry, unchecked; twice what there is when that was too little. */
  async function beginning(entry: ZipEntry, end: number): Promise<Uint8Array> {
    const known = last?.entry === entry ? last.bytes : undefined;
    if (known !== undefined && known.length >= end) return known;
    const wanted = Math.min(entry.size, known === undefined ? end : Math.max(end, 2 * known.length));
    const at = await dataOffset(archive, entry);
    const data = await readAt(archive, at, Math.min(entry.packedSize, 2 * wanted + SLACK));
    const bytes = inflateStart("raw", new Uint8Array(data.buffer), wanted);
    last = { entry, bytes };
    return bytes;
  }

  async function whole(entry: ZipEntry): Promise<Uint8Array> {
    if (last?.entry === entry && last.bytes.length === entry.size && checked.has(entry)) return last.bytes;
    const data = await readAt(archive, await dataOffset(archive, entry), entry.packedSize);
    const packed = new Uint8Array(data.buffer);
    if (entry.method === STORED) checkCrc(packed, entry.crc);
    const bytes = entry.method === STORED ? packed : await inflated(packed, entry);
    last = { entry, bytes };
    checked.add(entry);
    return bytes;
  }

  async function inflated(packed: Uint8Array, { size, crc }: ZipEntry): Promise<Uint8Array> {
    try {
      const bytes = await inflate(packed, size, crc);
      if (bytes.length === size) return bytes;
    } catch {
      // The plain way tells what is wrong, and serves where there is no other.
    }
    return inflateHere(packed, size, crc);
  }

  /** Checks an entry that is too long to be kept, once. */
  async function checkLong(entry: ZipEntry, at: number): Promise<void> {
    if (checked.has(entry)) return;
    const piece = new Uint8Array(PIECE);
    let crc = 0;
    for (let done = 0; done < entry.size; ) {
      const read = await archive.read(at + done, piece.subarray(0, entry.size - done));
      if (read === 0) throw new Error("it ends too early");
      crc = crc32(piece.subarray(0, read), crc);
      done += read;
    }
    if (crc !== entry.crc) throw new ChecksumError("CRC-32", crc, entry.crc);
    checked.add(entry);
  }

  async function readEntry(entry: ZipEntry, offset: number, target: Uint8Array): Promise<number> {
    const end = Math.min(offset + target.length, entry.size);
    if (end <= offset) return 0;
    const isBeginning = offset === 0 && end < entry.size;
    const isLong = entry.method === STORED && entry.size > AT_ONCE;
    if (entry.method === STORED && (isBeginning || isLong)) {
      const at = await dataOffset(archive, entry);
      if (!isBeginning) await checkLong(entry, at);
      return archive.read(at + offset, target.subarray(0, end - offset));
    }
    const bytes = isBeginning ? await beginning(entry, end) : await whole(entry);
    const part = bytes.subarray(offset, end);
    target.set(part);
    return part.length;
  }

  return files.map((entry) => {
    const name = `${archive.name}/${entry.name}`;
    return {
      name,
      size: entry.size,
      read: (offset, target) => guard(name, () => readEntry(entry, offset, target)),
    };
  });
}

async function dataOffset(archive: ByteSource, { headerAt }: ZipEntry): Promise<number> {
  const header = await readAt(archive, headerAt, HEADER_BYTES);
  return headerAt + HEADER_BYTES + header.getUint16(26, true) + header.getUint16(28, true);
}

function checkEntry(archive: ByteSource, { name, method, encrypted, size, packedSize }: ZipEntry): void {
  const file = archive.name;
  if (encrypted || (method !== STORED && method !== DEFLATED)) {
    throw new PleuraError("unsupported-syntax", "The zip archive cannot be unpacked", {
      stage: "read",
      file,
      measured: encrypted ? "an encrypted file" : `method ${method}`,
      limit: "stored or deflated files",
      hint: "Unpack it first",
    });
  }
  const isPossible = method === STORED ? size === packedSize : size <= packedSize * DEFLATE_LIMIT;
  if (packedSize <= archive.size && isPossible) return;
  throw damaged(file, new Error(`${name}: ${packedSize} bytes in the archive cannot hold the ${size} it states`));
}

async function guard<T>(file: string, unzip: () => T | Promise<T>): Promise<T> {
  try {
    return await unzip();
  } catch (cause) {
    throw cause instanceof PleuraError ? cause : damaged(file, cause);
  }
}

function damaged(file: string, cause: unknown): PleuraError {
  const hint = "Copy the archive again from where it came from, or test it with unzip -t";
  if (cause instanceof ChecksumError) {
    return new PleuraError("checksum-mismatch", "The file in the zip archive was changed or damaged", {
      stage: "read",
      file,
      ...cause.figures,
      hint,
      cause,
    });
  }
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PleuraError("truncated", `The zip archive is damaged: ${why}`, { stage: "read", file, hint, cause });
}
