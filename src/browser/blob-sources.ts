import type { ByteSource } from "../dicom/byte-source.ts";

/** A browser takes longer to begin a read than to read a slice: so many files are fetched ahead. */
const AHEAD = 8;
/** Larger files are read piece by piece, bytes. */
const WHOLE_UP_TO = 4 * 2 ** 20;
/** Bytes of whole files that are held at most; beyond that all files are read piece by piece. */
const MOST_HELD = 256 * 2 ** 20;

/**
 * The sources behind blobs, in the order of their names, as a folder is read.
 *
 * Small files are fetched whole while the headers before them are read, and let go once their last
 * byte was asked for, so that header and pixels cost one read together.
 *
 * @param onRead - told of every part that was handed on, in bytes
 */
export function blobSources(blobs: Iterable<Blob>, onRead: (bytes: number) => void = () => {}): ByteSource[] {
  const named = Array.from(blobs, (blob, i) => ({ blob, name: blobName(blob) ?? `blob ${i + 1}` }));
  named.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  const whole = new Map<number, Promise<ArrayBuffer>>();
  let held = 0;
  let next = 0;
  const fetchUpTo = (end: number): void => {
    for (; next < Math.min(end, named.length); next++) {
      const { blob } = named[next]!;
      if (blob.size > WHOLE_UP_TO || held + blob.size > MOST_HELD) continue;
      held += blob.size;
      const fetched = blob.arrayBuffer();
      // Whoever reads the file hears of it; nobody may ever do so.
      fetched.catch(() => {});
      whole.set(next, fetched);
    }
  };
  return named.map(({ blob, name }, i) => ({
    name,
    size: blob.size,
    async read(offset, target) {
      fetchUpTo(i + AHEAD);
      const end = Math.min(blob.size, offset + target.length);
      const fetched = whole.get(i);
      const part =
        fetched === undefined
          ? new Uint8Array(await blob.slice(offset, end).arrayBuffer())
          : new Uint8Array(await fetched).subarray(offset, end);
      target.set(part);
      if (end === blob.size && offset > 0 && whole.delete(i)) held -= blob.size;
      onRead(part.length);
      return part.length;
    },
  }));
}

/** The path below the chosen folder where the browser tells one, else the file's own name. */
export function blobName(blob: Blob): string | undefined {
  const { name, webkitRelativePath } = blob as Partial<File>;
  return webkitRelativePath?.replace(/^[^/]*\//, "") || name;
}
