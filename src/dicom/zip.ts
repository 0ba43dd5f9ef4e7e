import { PleuraError } from "../errors.ts";
import { type Inflate, inflateStart } from "../inflate.ts";
import type { ByteSource } from "./byte-source.ts";
import { readAt, readZipDirectory, type ZipEntry } from "./zip-directory.ts";

/** Deflate gives at most this many bytes for one; an entry that promises more is forged. */
const DEFLATE_LIMIT = 1032;
const STORED = 0;
const DEFLATED = 8;
/** Bytes of the header in front of each entry, its name and extra field aside. */
const HEADER_BYTES = 30;
/** Deflate makes nothing longer by more than this. */
const SLACK = 65536;

/**
 * The files of a zip archive as sources.
 *
 * An entry is inflated only as far as somebody reads in it, and only the one that was read last is
 * kept, so that an archive takes no more memory than its files would. Nothing is ever written: an
 * entry's path is but a name.
 *
 * @param inflate - for entries that are read to their end
 * @throws PleuraError `truncated` when the archive is damaged or an entry promises more bytes than
 * it can hold, `unsupported-syntax` when it is encrypted or packed in another way than by deflate
 */
export async function zipSources(archive: ByteSource, inflate: Inflate): Promise<ByteSource[]> {
  const entries = await guard(archive.name, () => readZipDirectory(archive));
  const files = entries.filter(({ name }) => !name.endsWith("/"));
  for (const entry of files) checkEntry(archive, entry);
  files.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  let last: { readonly entry: ZipEntry; readonly bytes: Uint8Array } | undefined;

  /** The beginning of a deflated entry; twice what there is when that was too little. */
  async function unpacked(entry: ZipEntry, end: number): Promise<Uint8Array> {
    const known = last?.entry === entry ? last.bytes : undefined;
    if (known !== undefined && known.length >= end) return known;
    const wanted = Math.min(entry.size, known === undefined ? end : Math.max(end, 2 * known.length));
    const at = await dataOffset(archive, entry);
    const data = await readAt(archive, at, Math.min(entry.packedSize, 2 * wanted + SLACK));
    const packed = new Uint8Array(data.buffer);
    const bytes = wanted === entry.size ? await whole(packed, wanted) : inflateStart("raw", packed, wanted);
    last = { entry, bytes };
    return bytes;
  }

  async function whole(packed: Uint8Array, size: number): Promise<Uint8Array> {
    try {
      const bytes = await inflate(packed, size);
      if (bytes.length === size) return bytes;
    } catch {
      // The slower way decides how much of a stream that is not as promised can be read.
    }
    return inflateStart("raw", packed, size);
  }

  return files.map((entry) => ({
    name: `${archive.name}/${entry.name}`,
    size: entry.size,
    read: (offset, target) =>
      guard(archive.name, async () => {
        const end = Math.min(offset + target.length, entry.size);
        if (entry.method === STORED) {
          return archive.read(
            (await dataOffset(archive, entry)) + offset,
            target.subarray(0, Math.max(0, end - offset)),
          );
        }
        const part = (await unpacked(entry, end)).subarray(offset, end);
        target.set(part);
        return part.length;
      }),
  }));
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
  if (packedSize <= archive.size && size <= packedSize * (method === STORED ? 1 : DEFLATE_LIMIT)) return;
  throw damaged(file, new Error(`${name} promises too much`));
}

async function guard<T>(file: string, unzip: () => T | Promise<T>): Promise<T> {
  try {
    return await unzip();
  } catch (cause) {
    throw damaged(file, cause);
  }
}

function damaged(file: string, cause: unknown): PleuraError {
  return new PleuraError("truncated", "The zip archive is damaged", { stage: "read", file, cause });
}
