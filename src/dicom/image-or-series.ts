import { counted } from "../counted.ts";
import { PleuraError } from "../errors.ts";
import type { Finding } from "./findings.ts";
import type { Scan } from "./read-scan.ts";

/** Files that a message names. */
const NAMED = 4;

/**
 * Reads a folder that may hold DICOM files and image files of other formats: the DICOM series where there is DICOM,
 * with a finding for what else could have been meant, and else the one image file.
 *
 * @param images - names of the image files
 * @param readDicom - reads the series, and throws `no-dicom` where there is no DICOM file
 * @param readImage - reads the image file of that name
 * @throws PleuraError `no-dicom` also when several image files could be meant
 */
export async function readImageOrSeries(
  images: readonly string[],
  readDicom: () => Promise<Scan>,
  readImage: (name: string) => Promise<Scan>,
): Promise<Scan> {
  const [only, ...others] = images;
  if (only === undefined) return readDicom();
  try {
    const scan = await readDicom();
    return { ...scan, findings: [...scan.findings, imagesLeftOut(images)] };
  } catch (error) {
    if (!(error instanceof PleuraError && error.code === "no-dicom")) throw error;
    if (others.length > 0) throw severalImages(images);
    return readImage(only);
  }
}

function imagesLeftOut(images: readonly string[]): Finding {
  return {
    code: "left-out",
    severity: "corrected",
    message: "Image files of other formats beside the series were not read",
    measured: counted(images.length, "image file"),
    hint: "To prepare them, give them as inputs of their own",
    files: images,
  };
}

function severalImages(images: readonly string[]): PleuraError {
  return new PleuraError("no-dicom", "There is no DICOM file here, and several image files could be the scan", {
    stage: "read",
    measured: `${images.length} image files: ${images.slice(0, NAMED).join(", ")}${images.length > NAMED ? ", …" : ""}`,
    limit: "one image file",
    hint: "Give the folder itself, or the files, as inputs to make a case of each",
  });
}
