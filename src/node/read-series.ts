import { scanOfImage } from "../dicom/image-scan.ts";
import { type ReadOptions, readScan, type Scan } from "../dicom/read-scan.ts";
import { isImageFile } from "../formats/decode-image.ts";
import { fileSource } from "./file-source.ts";
import { inflateAside } from "./inflate-aside.ts";
import { digestOf, type InputFile, listInputFiles } from "./input-files.ts";
import { readImage } from "./read-image.ts";

/** A scan that was read from files, with the digest that tells whether they changed since. */
export interface FileScan extends Scan {
  readonly source: Scan["source"] & {
    /** As `inputDigest` gives it for the same path. */
    readonly digest: string;
  };
}

/**
 * Reads a CT: the DICOM series of a folder, its sub-folders and archives included, or one file of
 * NIfTI, MetaImage or NRRD.
 *
 * @param path - a folder of DICOM files, a `.zip` of them, or an image file
 * @returns int16 Hounsfield units `[z, y, x]`, x to the left, y to the back and z to the head, and
 * the findings
 * @throws PleuraError `not-found` when there is no such file or folder, and all that `readScan`
 * throws
 *
 * @example
 * const scan = await readSeries("scan/");
 * console.log(scan.shape, scan.spacing, scan.findings);
 */
export async function readSeries(path: string, options: ReadOptions = {}): Promise<FileScan> {
  const files = listInputFiles(path);
  const [only] = files;
  const isImage = files.length === 1 && only!.path === path && isImageFile(path);
  const scan = isImage
    ? await readImageScan(only!, options)
    : await readScan(
        files.map((file) => fileSource(file.path, file.name, file.size)),
        { inflate: inflateAside, ...options },
      );
  return { ...scan, source: { ...scan.source, digest: digestOf(files) } };
}

async function readImageScan({ path, name }: InputFile, options: ReadOptions): Promise<Scan> {
  const { bytes, ...image } = await readImage(path, name);
  return scanOfImage(image, { files: 1, bytes, skipped: [] }, name, options);
}
