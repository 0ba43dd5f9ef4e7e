import type { ByteSource } from "../byte-source.ts";

/** Whether a source is to be looked into as an archive. */
export function isZip(name: string): boolean {
  return /\.zip$/i.test(name);
}

/** One file of an archive, as the archive's directory describes it. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes in the archive. */
  readonly packedSize: number;
  /** Bytes once unpacked, as the directory promises. */
  readonly size: number;
  /** CRC-32 of the unpacked bytes. */
  readonly crc: number;
  /** Offset in the archive of the header in front of the entry's bytes. */
  readonly headerAt: number;
  /** 0: as they are, 8: deflated. */
  readonly method: number;
  readonly encrypted: boolean;
}

const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const END_64 = 0x06064b50;
const END_64_BYTES = 56;
const LOCATOR_64 = 0x07064b50;
const LOCATOR_64_BYTES = 20;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const ENCRYPTED = 1;
/** Says of a 32-bit field that its value stands elsewhere, in 64 bits. */
const ELSEWHERE = 0xffffffff;
const EXTRA_64 = 1;
/** A directory of a million files stays below this. */
const MAX_DIRECTORY_BYTES = 128 * 1024 * 1024;

/**
 * Reads the directory of a zip archive, with the extensions for large archives (APPNOTE 6.3).
 *
 * @throws Error when the archive is damaged
 */
export async function readZipDirectory(archive: ByteSource): Promise<ZipEntry[]> {
  const { offset, size, count } = await findDirectory(archive);
  if (!(offset + size <= archive.size && size <= MAX_DIRECTORY_BYTES)) throw new Error("impossible directory");
  const directory = await readAt(archive, offset, size);
  const entries: ZipEntry[] = [];
  for (let at = 0; at < size; ) {
    if (directory.getUint32(at, true) !== ENTRY) throw new Error("damaged directory");
    const nameBytes = directory.getUint16(at + 28, true);
    const extraBytes = directory.getUint16(at + 30, true);
    const nameAt = at + ENTRY_BYTES;
    const [unpacked, packed, headerAt] = sizesOf(directory, at, nameAt + nameBytes, extraBytes);
    entries.push({
      name: new TextDecoder().decode(bytesOf(directory, nameAt, nameBytes)),
      size: unpacked,
      packedSize: packed,
      crc: directory.getUint32(at + 16, true),
      headerAt,
      method: directory.getUint16(at + 10, true),
      encrypted: (directory.getUint16(at + 8, true) & ENCRYPTED) !== 0,
    });
    at = nameAt + nameBytes + extraBytes + directory.getUint16(at + 32, true);
    // A length that is wrong would pass over the entries behind it.
    if (at > size) throw new Error("damaged directory");
  }
  if ((entries.length & 0xffff) !== count && count !== 0xffff) throw new Error("the directory is not whole");
  return entries;
}

/** Reads some bytes whole. */
export async function readAt(source: ByteSource, offset: number, size: number): Promise<DataView> {
  const bytes = new Uint8Array(size);
  if ((await source.read(offset, bytes)) < size) throw new Error("it ends too early");
  return new DataView(bytes.buffer);
}

/** Where the directory lies, and the low 16 bits of its number of entries; all of them set say that it stands elsewhere. */
async function findDirectory(archive: ByteSource): Promise<{ offset: number; size: number; count: number }> {
  const start = Math.max(0, archive.size - END_BYTES - LONGEST_COMMENT - LOCATOR_64_BYTES);
  const tail = await readAt(archive, start, archive.size - start);
  let at = tail.byteLength - END_BYTES;
  while (at >= 0 && tail.getUint32(at, true) !== END) at--;
  if (at < 0) throw new Error("no directory");
  const count = tail.getUint16(at + 10, true);
  const locator = at - LOCATOR_64_BYTES;
  if (locator < 0 || tail.getUint32(locator, true) !== LOCATOR_64) {
    return { size: tail.getUint32(at + 12, true), offset: tail.getUint32(at + 16, true), count };
  }
  const end = await readAt(archive, long(tail, locator + 8), END_64_BYTES);
  if (end.getUint32(0, true) !== END_64) throw new Error("damaged directory");
  return { size: long(end, 40), offset: long(end, 48), count: long(end, 32) & 0xffff };
}

/** Size, packed size and offset of an entry; what does not fit into 32 bits stands in its extra field. */
function sizesOf(view: DataView, at: number, extraAt: number, extraBytes: number): [number, number, number] {
  const sizes: [number, number, number] = [
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true),
  ];
  for (let extra = extraAt; extra + 4 <= extraAt + extraBytes; extra += 4 + view.getUint16(extra + 2, true)) {
    if (view.getUint16(extra, true) !== EXTRA_64) continue;
    let field = extra + 4;
    for (const [i, size] of sizes.entries()) {
      if (size !== ELSEWHERE) continue;
      sizes[i] = long(view, field);
      field += 8;
    }
  }
  return sizes;
}

function long(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function bytesOf(view: DataView, at: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, at, length);
}
