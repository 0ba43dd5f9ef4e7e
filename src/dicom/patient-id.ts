import { gzipReader } from "../archives/gzip.ts";
import { zipSources } from "../archives/zip.ts";
import { isZip } from "../archives/zip-directory.ts";
import type { ByteSource } from "../byte-source.ts";
import { type Inflate, inflateHere } from "../inflate.ts";
import { text } from "./elements.ts";
import { isGzippedImage } from "./gzipped-image.ts";
import { looksLikeDicom, parseHeader } from "./header.ts";
import type { Instance } from "./instance.ts";

/** Chooses images by the study and series that they belong to. */
export type SelectByUid = (image: Partial<Pick<Instance, "studyUid" | "seriesUid">>) => boolean;

/** Bytes that are read of a file at first, and at most. */
const [PREFIX_BYTES, MOST_BYTES] = [8192, 8 * 1024 * 1024];

/**
 * The Patient ID of the first DICOM image among some files, to tell whether two scans are of one patient.
 * It is for comparing only: it never belongs into an output or a message.
 *
 * @param select - which images count; default: all
 * @returns `undefined` when no file has one
 */
export async function firstPatientId(
  sources: Iterable<ByteSource>,
  inflate: Inflate = inflateHere,
  select: SelectByUid = () => true,
): Promise<string | undefined> {
  const gunzip = gzipReader(inflate);
  for (const outer of sources) {
    for (const source of isZip(outer.name) ? await zipSources(outer, inflate) : [outer]) {
      const id = await patientId((await isGzippedImage(source)) ? await gunzip(source) : source, select);
      if (id !== undefined) return id;
    }
  }
  return undefined;
}

async function patientId(source: ByteSource, select: SelectByUid): Promise<string | undefined> {
  for (let length = PREFIX_BYTES; ; length *= 8) {
    const buffer = new Uint8Array(Math.min(length, source.size));
    const prefix = buffer.subarray(0, await source.read(0, buffer));
    if (!looksLikeDicom(prefix)) return undefined;
    const header = parseHeader(prefix);
    if (header === "too long") return undefined;
    if (header !== undefined) {
      const studyUid = text(header.elements, "x0020000d");
      const seriesUid = text(header.elements, "x0020000e");
      if (!select({ ...(studyUid && { studyUid }), ...(seriesUid && { seriesUid }) })) return undefined;
      const id = text(header.elements, "x00100020");
      return id === undefined ? undefined : JSON.stringify([id, text(header.elements, "x00100021") ?? ""]);
    }
    if (length >= Math.min(source.size, MOST_BYTES)) return undefined;
  }
}
