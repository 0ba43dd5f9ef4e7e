import type { ByteSource } from "../byte-source.ts";
import { ReadAhead } from "./read-ahead.ts";

/**
 * The sources behind blobs, in the order of their names, as a folder is read.
 *
 * @param onRead - told of every part that was handed on, in bytes
 */
export function blobSources(blobs: Iterable<Blob>, onRead: (bytes: number) => void = () => {}): ByteSource[] {
  const named = Array.from(blobs, (blob, i) => ({ blob, name: blobName(blob) ?? `blob ${i + 1}` }));
  named.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  const ahead = new ReadAhead(named);
  return named.map(({ blob, name }, i) => ({
    name,
    size: blob.size,
    async read(offset, target) {
      const end = Math.min(blob.size, offset + target.length);
      const fetched = await ahead.bytes(i, offset, end);
      const part = fetched ?? new Uint8Array(await blob.slice(offset, end).arrayBuffer());
      target.set(part);
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
