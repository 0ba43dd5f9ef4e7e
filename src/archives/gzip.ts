import type { ByteSource } from "../byte-source.ts";
import { PleuraError } from "../errors.ts";
import { ChecksumError, type Inflate } from "../inflate.ts";
import { DEFLATE, HEAD_BYTES, type Member, openGzip, unpackHead, unpackWhole } from "./gzip-content.ts";

/** Whether a file is a DICOM file that was compressed by gzip. */
export function isGzippedDicom(name: string): boolean {
  return /\.(dcm|dicom|ima)\.gz$/i.test(name);
}

/** Whether the first bytes of a file are those of one that gzip made, whatever its name says. */
export function beginsAsGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === DEFLATE;
}

/**
 * Makes sources of gzipped DICOM files. Only the file that was read last is kept unpacked. The first
 * {@link HEAD_BYTES} of a file are given unchecked; whoever reads more gets bytes of a file that was unpacked
 * to its end, whose CRC-32 is right, and which nothing but zeros follows.
 *
 * @param inflate - for files that are read to their end
 * @returns makes the source of one file; it throws PleuraError `truncated` or `checksum-mismatch` when the file
 * is damaged
 */
export function gzipReader(inflate: Inflate): (file: ByteSource) => Promise<ByteSource> {
  let last: { readonly file: ByteSource; readonly bytes: Uint8Array } | undefined;

  async function unpacked(file: ByteSource, member: Member, end: number): Promise<Uint8Array> {
    if (last?.file === file && (last.bytes.length === member.size || last.bytes.length >= end)) return last.bytes;
    const isHead = end <= HEAD_BYTES && member.size > HEAD_BYTES;
    const bytes = isHead ? await unpackHead(file, member) : await unpackWhole(file, member, inflate);
    last = { file, bytes };
    return bytes;
  }

  return async (file) => {
    const { member, whole } = await guard(file.name, () => openGzip(file));
    if (whole !== undefined) last = { file, bytes: whole };
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
