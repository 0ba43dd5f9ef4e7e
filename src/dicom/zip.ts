import { unzipSync } from "fflate";
import { PleuraError } from "../errors.ts";
import type { ByteSource } from "./byte-source.ts";

/** Deflate gives at most this many bytes for one; an entry that promises more is forged. */
const DEFLATE_LIMIT = 1032;

/** Whether a source is to be looked into as an archive. */
export function isZip(name: string): boolean {
  return /\.zip$/i.test(name);
}

/**
 * The files of a zip archive as sources. The archive is held in memory, and beside it the entry
 * that was read last; nothing is ever written, so that an entry's path is but a name.
 *
 * @throws PleuraError `truncated` when the archive is damaged or an entry promises more bytes than
 * it can hold
 */
export async function zipSources(archive: ByteSource): Promise<ByteSource[]> {
  const zipped = new Uint8Array(archive.size);
  await archive.read(0, zipped);
  const found: { name: string; size: number }[] = [];
  guard(archive.name, () =>
    unzipSync(zipped, {
      filter({ name, size, originalSize, compression }) {
        if (originalSize > size * (compression === 0 ? 1 : DEFLATE_LIMIT)) throw new Error(`${name} promises too much`);
        if (!name.endsWith("/")) found.push({ name, size: originalSize });
        return false;
      },
    }),
  );
  found.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  let last: { name: string; bytes: Uint8Array } | undefined;
  return found.map(({ name, size }) => ({
    name: `${archive.name}/${name}`,
    size,
    read(offset, target) {
      if (last?.name !== name) {
        const files = guard(archive.name, () => unzipSync(zipped, { filter: (entry) => entry.name === name }));
        last = { name, bytes: files[name] ?? new Uint8Array() };
      }
      const part = last.bytes.subarray(offset, offset + target.length);
      target.set(part);
      return part.length;
    },
  }));
}

function guard<T>(file: string, unzip: () => T): T {
  try {
    return unzip();
  } catch (cause) {
    throw new PleuraError("truncated", "The zip archive is damaged", { stage: "read", file, cause });
  }
}
