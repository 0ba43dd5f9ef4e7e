import type { ByteSource } from "../dicom/byte-source.ts";
import { type ReadOptions, readScan, type Scan } from "../dicom/read-scan.ts";

/**
 * Reads the CT series of a list of files: what a file input, a folder input or a drop gives.
 *
 * @param files - `File`s or plain `Blob`s; a `FileList` will do
 * @returns int16 Hounsfield units `[z, y, x]`, slices ascending in z, and the findings
 * @throws PleuraError as `readScan` does
 *
 * @example
 * const scan = await readSeries(input.files);
 */
export async function readSeries(files: Iterable<Blob>, options: ReadOptions = {}): Promise<Scan> {
  const sources = Array.from(files, (file, i) => blobSource(file, i));
  return readScan(
    sources.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    options,
  );
}

function blobSource(blob: Blob, index: number): ByteSource {
  return {
    name: blobName(blob) ?? `blob ${index + 1}`,
    size: blob.size,
    async read(offset, target) {
      const part = new Uint8Array(await blob.slice(offset, offset + target.length).arrayBuffer());
      target.set(part);
      return part.length;
    },
  };
}

/** The path below the chosen folder where the browser tells one, else the file's own name. */
function blobName(blob: Blob): string | undefined {
  const { name, webkitRelativePath } = blob as Partial<File>;
  return webkitRelativePath?.replace(/^[^/]*\//, "") || name;
}
