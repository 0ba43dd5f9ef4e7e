import { open } from "node:fs/promises";
import { basename, join } from "node:path";
import { isZip } from "../../archives/zip-directory.ts";
import { safeName } from "../../case/safe-name.ts";
import { isImageFile } from "../../formats/decode-image.ts";

const DICOM_NAME = /\.(dcm|dicom|ima)(\.gz)?$/i;
/** Enough to know the beginning of a DICOM file, with or without preamble. */
const PREFIX_BYTES = 512;

/** The name of the case that lies in a folder or file: its own, made safe, without the file's extension. */
export function caseName(path: string): string {
  return safeName(withoutExtension(basename(path)));
}

/** The name of a folder or file without the extension that says what kind of scan it is. */
export function withoutExtension(name: string): string {
  if (DICOM_NAME.test(name)) return name.replace(DICOM_NAME, "");
  return isScanFile(name) ? name.replace(/(\.nii)?\.[^.]+$/i, "") : name;
}

/** Whether a file, by its name, can hold a whole scan and not only a slice of one. */
export function isScanFile(name: string): boolean {
  return isImageFile(name) || isZip(name);
}

/** Whether a file is DICOM: by its name, or by its first bytes. */
export async function isDicomFile(path: string): Promise<boolean> {
  if (DICOM_NAME.test(path)) return true;
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PREFIX_BYTES), 0, PREFIX_BYTES, 0);
    const prefix = buffer.subarray(0, bytesRead);
    if (prefix.toString("latin1", 128, 132) === "DICM") return true;
    // Loaded only for files that do not say it themselves: start-up is part of every run.
    return (await import("../../dicom/header.ts")).looksLikeDicom(prefix);
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

/** The first DICOM file among the names of a folder. */
export async function firstDicom(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if (await isDicomFile(join(folder, name))) return name;
  return undefined;
}
