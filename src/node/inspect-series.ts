import { type ImageReport, type Inspection, inspectScan, type StackReport } from "../dicom/inspect.ts";
import { isStandardSyntax } from "../dicom/transfer-syntax.ts";
import { PleuraError } from "../errors.ts";
import { isImageFile } from "../formats/decode-image.ts";
import { type InputFile, listInputFiles } from "./input-files.ts";
import { inputSource } from "./input-source.ts";

export type { ImageReport, Inspection, StackReport };
export { isStandardSyntax };

/**
 * Tells which stacks of CT images lie in a folder, its sub-folders and archives, from their headers alone, and which image
 * files of other formats, which are read whole.
 *
 * @param path - a folder, or a single file
 * @throws PleuraError `not-found` when there is no such file or folder
 */
export async function inspectSeries(path: string, signal?: AbortSignal): Promise<Inspection> {
  const files = listInputFiles(path);
  const images = files.filter(({ name }) => isImageFile(name));
  const others = files.filter(({ name }) => !isImageFile(name));
  const inspection = await inspectScan(others.map(inputSource), signal);
  const hasDicom = inspection.skipped.some(({ reason }) => reason !== "not DICOM") || inspection.stacks.length > 0;
  const reports: ImageReport[] = [];
  for (const image of images) {
    signal?.throwIfAborted();
    reports.push({ ...(await imageReport(image)), chosen: !hasDicom && images.length === 1 });
  }
  return { ...inspection, images: reports };
}

async function imageReport(file: InputFile): Promise<Omit<ImageReport, "chosen">> {
  const { readImageScan } = await import("./read-series.ts");
  try {
    const { shape, spacing, findings } = await readImageScan(file);
    return { file: file.name, shape, spacing, findings, error: undefined };
  } catch (error) {
    if (!(error instanceof PleuraError)) throw error;
    return { file: file.name, shape: undefined, spacing: undefined, findings: [], error };
  }
}
