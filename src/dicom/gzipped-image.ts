import { beginsAsGzip, isGzippedDicom } from "../archives/gzip.ts";
import type { ByteSource } from "../byte-source.ts";
import { inflateStart } from "../inflate.ts";
import { looksLikeDicom } from "./header.ts";

/** First bytes of a file that show whether it holds DICOM. */
const [PACKED_BYTES, SIGHT_BYTES] = [8192, 256];

/** Whether a file is a gzipped DICOM file by its name, or by its content when it has another name. */
export async function isGzippedImage(file: ByteSource): Promise<boolean> {
  if (isGzippedDicom(file.name)) return true;
  const head = new Uint8Array(Math.min(PACKED_BYTES, file.size));
  if ((await file.read(0, head)) < head.length || !beginsAsGzip(head)) return false;
  try {
    return looksLikeDicom(inflateStart("gzip", head, SIGHT_BYTES));
  } catch {
    return false;
  }
}
