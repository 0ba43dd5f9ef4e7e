import type { ByteSource } from "../byte-source.ts";
import { withoutOutputs } from "../case/output-files.ts";
import { readImageOrSeries } from "../dicom/image-or-series.ts";
import { scanOfImage } from "../dicom/image-scan.ts";
import { type Inspection, inspectScan } from "../dicom/inspect.ts";
import { type ReadOptions, readScan, type Scan } from "../dicom/read-scan.ts";
import { decodeImage, isImageFile } from "../formats/decode-image.ts";
import { blobName, blobSources } from "./blob-sources.ts";
import { inflateNatively } from "./inflate-natively.ts";

/** Options of {@link readSeries}. */
export interface ReadFilesOptions extends ReadOptions {
  /** Told of every part of a file that was read, in bytes. */
  readonly onRead?: (bytes: number) => void;
}

/**
 * Reads a CT out of a list of files, as a file input, a folder input or a drop gives it: a DICOM
 * series, loose or in a `.zip`, or where there is no DICOM the one image file of NIfTI, MetaImage or NRRD with the
 * file that holds its voxels. What pleura has written is no input.
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
  const sources = blobSources(inputs(files), options.onRead);
  const images = sources.filter(({ name }) => isImageFile(name));
  if (images.length === 1 && sources.length === 1) return readImage(images[0]!, sources, options);
  return readImageOrSeries(
    images.map(({ name }) => name),
    () => readScan(sources, { inflate: inflateNatively, ...options }),
    (name) => readImage(images.find((image) => image.name === name)!, sources, options),
  );
}

/**
 * Tells which stacks of CT images there are among files, reading headers only.
 *
 * @param files - DICOM files, loose or in a `.zip`; an image file of another format is left aside
 */
export async function inspectSeries(files: Iterable<Blob>, signal?: AbortSignal): Promise<Inspection> {
  return inspectScan(blobSources(inputs(files)), signal);
}

function inputs(files: Iterable<Blob>): Blob[] {
  return withoutOutputs([...files], (file) => blobName(file) ?? "");
}

async function readImage(image: ByteSource, sources: readonly ByteSource[], options: ReadFilesOptions): Promise<Scan> {
  const siblingOf = (stated: string): ByteSource | undefined => {
    const path = image.name.split("/").slice(0, -1).concat(stated.replace(/^\.\//, "")).join("/");
    return sources.find((source) => source !== image && source.name === path);
  };
  const decoded = await decodeImage(image, siblingOf, options);
  const bytes = sources.reduce((sum, { size }) => sum + size, 0);
  return scanOfImage(decoded, { files: sources.length, bytes, skipped: [] }, image.name, options);
}
