import type { DataSet } from "dicom-parser";
import type { ByteSource } from "../byte-source.ts";
import { parseDataSet } from "./data-set.ts";
import { text } from "./elements.ts";
import { dataSetBytes, type Identity, parsedAs, tryMeta } from "./header.ts";
import { transferSyntax } from "./transfer-syntax.ts";

/** An image that a DICOMDIR lists. */
export interface DirectoryImage {
  readonly seriesUid: string;
  readonly sopInstance: string;
}

const MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10";
/** That of a full disk of some 100,000 images stays below. */
const MOST_BYTES = 128 * 1024 * 1024;
/** Bytes of an item's tag and length, in front of its data set. */
const ITEM_HEAD = 8;

/** Whether a file that is no image is the directory of a medium. */
export function isDirectory({ mediaSopClass }: Identity): boolean {
  return mediaSopClass === MEDIA_STORAGE_DIRECTORY;
}

/**
 * Reads which images a DICOMDIR lists (PS3.10, PS3.3 annex F). One that is damaged lists none.
 *
 * @param source - the DICOMDIR
 */
export async function readDirectory(source: ByteSource): Promise<DirectoryImage[]> {
  if (source.size > MOST_BYTES) return [];
  const bytes = new Uint8Array(source.size);
  try {
    if ((await source.read(0, bytes)) < bytes.length) return [];
  } catch {
    return [];
  }
  const meta = tryMeta(bytes);
  const syntax = transferSyntax(meta?.uid ?? "");
  if (meta === undefined || syntax?.encoding !== "native" || syntax.deflated) return [];
  const data = dataSetBytes(bytes.subarray(meta.end), syntax);
  const { dataSet, end } = parseDataSet(data!, parsedAs(meta.uid, syntax));
  return end === "end of bytes" ? imagesOf(dataSet, meta.end) : [];
}

/** @param start - offset in the file of the data set, since records point at each other by offsets in it */
function imagesOf(directory: DataSet, start: number): DirectoryImage[] {
  const records = new Map<number, DataSet>();
  for (const { dataOffset, dataSet } of directory.elements["x00041220"]?.items ?? []) {
    if (dataSet !== undefined) records.set(start + dataOffset - ITEM_HEAD, dataSet);
  }
  const images: DirectoryImage[] = [];
  const seen = new Set<number>();
  for (const series of records.values()) {
    const seriesUid = text(series, "x0020000e");
    if (typeOf(series) !== "SERIES" || seriesUid === undefined) continue;
    for (let at = series.uint32("x00041420") ?? 0; at !== 0 && !seen.has(at); ) {
      seen.add(at);
      const record = records.get(at);
      const sopInstance = text(record, "x00041511");
      if (typeOf(record) === "IMAGE" && sopInstance !== undefined) images.push({ seriesUid, sopInstance });
      at = record?.uint32("x00041400") ?? 0;
    }
  }
  return images;
}

/** A record's type; `undefined` of one that is no longer in use. */
function typeOf(record: DataSet | undefined): string | undefined {
  return record?.uint16("x00041410") === 0 ? undefined : text(record, "x00041430");
}
