import type { ByteSource } from "../dicom/byte-source.ts";
import { scanOfImage } from "../dicom/image-scan.ts";
import { type Inspection, inspectScan } from "../dicom/inspect.ts";
import { type ReadOptions, readScan, type Scan } from "../dicom/read-scan.ts";
import { decodeImage, isImageFile } from "../formats/decode-image.ts";
import { blobSources } from "./blob-sources.ts";
import { inflateNatively } from "./inflate-natively.ts";

/** Options of {@link readSeries}. */
export interface ReadFilesOptions extends ReadOptions {
  /** Told of every part of a file that was read, in bytes. */
  readonly onRead?: (bytes: number) => void;
}

/**
 * Reads a CT out of a list of files, as a file input, a folder input or a drop gives it: a DICOM
 * series, loose or in a `.zip`, or an image file of NIfTI, MetaImage or NRRD with the file that
 * holds its voxels.
 *
 * @param files - `File`s or plain `Blob`s; a `FileList` will do
 * @returns int16 Hounsfield units `[z, y, x]`, x to the left, y to the back and z to the head, and
 * the findings
 * @throws PleuraError as `readScan` does
 *
 * @example
 * const scan = await readSeries(input.files);
 */
export async function readSeries(files: Iterable<Blob>, options: ReadFilesOptions = {}): Promise<Scan> {
  const sources = blobSources(files, options.onRead);
  const image = sources.find(({ name }) => isImageFile(name));
  if (image !== undefined) return readImage(image, sources, options);
  return readScan(sources, { inflate: inflateNatively, ...options });
}

/**
 * Tells which stacks of CT images there are among files, reading headers only.
 *
 * @param files - DICOM files, loose or in a `.zip`; an image file of another format is left aside
 */
export async function inspectSeries(files: Iterable<Blob>, signal?: AbortSignal): Promise<Inspection> {
  return inspectScan(blobSources(files), signal);
}

async function readImage(image: ByteSource, sources: readonly ByteSource[], options: ReadFilesOptions): Promise<Scan> {
  const siblingOf = async (name: string): Promise<Uint8Array | undefined> => {
    const sibling = sources.find((source) => source.name.split("/").at(-1) === name);
    return sibling === undefined ? undefined : readAll(sibling);
  };
  const decoded = await decodeImage(image.name, await readAll(image), siblingOf, options.maxBytes);
  const bytes = sources.reduce((sum, { size }) => sum + size, 0);
  return scanOfImage(decoded, { files: sources.length, bytes, skipped: [] }, image.name, options);
}

async function readAll(source: ByteSource): Promise<Uint8Array> {
  const bytes = new Uint8Array(source.size);
  await source.read(0, bytes);
  return bytes;
}
