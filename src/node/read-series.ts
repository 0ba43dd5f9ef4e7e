import { type ReadOptions, readScan, type Scan } from "../dicom/read-scan.ts";
import { fileSource } from "./file-source.ts";
import { digestOf, listInputFiles } from "./input-files.ts";

/** A scan that was read from files, with the digest that tells whether they changed since. */
export interface FileScan extends Scan {
  readonly source: Scan["source"] & {
    /** As `inputDigest` gives it for the same path. */
    readonly digest: string;
  };
}

/**
 * Reads the CT series of a folder, its sub-folders included.
 *
 * @param path - a folder of DICOM files
 * @returns int16 Hounsfield units `[z, y, x]`, slices ascending in z, and the findings
 * @throws PleuraError `not-found` when there is no such folder, and all that `readScan` throws
 *
 * @example
 * const scan = await readSeries("scan/");
 * console.log(scan.shape, scan.spacing, scan.findings);
 */
export async function readSeries(path: string, options: ReadOptions = {}): Promise<FileScan> {
  const files = listInputFiles(path);
  const sources = files.map((file) => fileSource(file.path, file.name, file.size));
  const scan = await readScan(sources, options);
  return { ...scan, source: { ...scan.source, digest: digestOf(files) } };
}
