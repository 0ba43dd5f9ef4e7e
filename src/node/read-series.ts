import { readImageOrSeries } from "../dicom/image-or-series.ts";
import { scanOfImage } from "../dicom/image-scan.ts";
import type { SelectByUid } from "../dicom/patient-id.ts";
import { type ReadOptions, readScan, type Scan } from "../dicom/read-scan.ts";
import { PleuraError } from "../errors.ts";
import { isImageFile } from "../formats/decode-image.ts";
import { type CaseInput, type Selector, toInput, uidKey } from "./cases/case-input.ts";
import { listCase } from "./cases/list-case.ts";
import { dataFileOf } from "./data-file.ts";
import { inflateAside } from "./inflate-aside.ts";
import { digestOf, type InputFile } from "./input-files.ts";
import { inputSource } from "./input-source.ts";
import { readImage } from "./read-image.ts";

/** A scan that was read from files, with the digest that tells whether they changed since. */
export interface FileScan extends Scan {
  readonly source: Scan["source"] & {
    /** As `inputDigest` gives it for the same path. */
    readonly digest: string;
  };
}

/** Options of {@link readSeries}. */
export interface ReadSeriesOptions extends ReadOptions {
  /** Output folder of a run, where what was read of headers is kept. */
  readonly out?: string;
}

/**
 * Reads a CT: the DICOM series of a folder, its sub-folders and archives included, or one file of
 * NIfTI, MetaImage or NRRD. A folder without DICOM files that holds one image file is read as that file.
 *
 * @param input - a folder of DICOM files, a `.zip` of them, an image file, the address of a study or series in a
 * DICOMweb archive, or what a case reads
 * @returns int16 Hounsfield units `[z, y, x]`, x to the left, y to the back and z to the head, and
 * the findings
 * @throws PleuraError `not-found` when there is no such file or folder, and all that `readScan`
 * throws
 *
 * @example
 * const scan = await readSeries("scan/");
 * console.log(scan.shape, scan.spacing, scan.findings);
 */
export async function readSeries(
  input: string | CaseInput,
  { out, ...options }: ReadSeriesOptions = {},
): Promise<FileScan> {
  return readListed(await listCase(input, out, options.series), toInput(input).only, options);
}

/**
 * {@link readSeries}, of files that were listed before.
 *
 * @param files - from `listCase`
 * @param only - the study or series that the case is, where it is one of several
 */
export async function readListed(
  files: readonly InputFile[],
  only: Selector | undefined,
  options: ReadOptions,
): Promise<FileScan> {
  if (files[0]?.series !== undefined) {
    const { pullInstances } = await import("./archive/pull-instances.ts");
    const scan = await readScan(await pullInstances(files, options.signal), { inflate: inflateAside, ...options });
    return { ...scan, source: { ...scan.source, digest: digestOf(files) } };
  }
  const images = files.filter(({ name }) => isImageFile(name));
  const [first] = images;
  const scan =
    first !== undefined && isAlone(first, files)
      ? await readImageScan(first, files.length, options)
      : await readImageOrSeries(
          images.map(({ name }) => name),
          () => readScan(files.map(inputSource), { inflate: inflateAside, ...options, ...selecting(only) }),
          (name) => readImageScan(images.find((image) => image.name === name)!, files.length, options),
        );
  return { ...scan, source: { ...scan.source, digest: digestOf(files) } };
}

/** Whether there is nothing but an image file, and the file that holds its voxels. */
function isAlone({ path }: InputFile, files: readonly InputFile[]): boolean {
  if (files.length === 1) return true;
  return files.length === 2 && files.some((file) => file.path === dataFileOf(String(path))?.path);
}

/** Reads the images of one study or series only, where that is what the case is. */
export function selecting(only: Selector | undefined): { readonly select?: SelectByUid } {
  if (only === undefined) return {};
  const known = new Map<string, boolean>();
  return {
    select({ studyUid, seriesUid }) {
      const uid = (only.by === "study" ? studyUid : seriesUid) ?? "";
      const answer = known.get(uid) ?? uidKey(uid) === only.key;
      known.set(uid, answer);
      return answer;
    },
  };
}

/**
 * Reads a scan from an image file.
 *
 * @param files - how many files the input has
 * @throws PleuraError `read-failed`, and as `decodeImage` does
 */
export async function readImageScan(
  { path, name, problem }: InputFile,
  files = 1,
  options: ReadOptions = {},
): Promise<Scan> {
  if (typeof path !== "string" || problem !== undefined) {
    throw new PleuraError("read-failed", `The image cannot be read: ${problem ?? "its name is not UTF-8"}`, {
      stage: "read",
      file: name,
    });
  }
  const { bytes, ...image } = await readImage(path, { ...options, name });
  return scanOfImage(image, { files, bytes, skipped: [] }, name, options);
}
