import type { DataSet } from "dicom-parser";
import type { ByteSource } from "../byte-source.ts";
import { parseDataSet } from "../dicom/data-set.ts";
import { tagOf } from "../dicom/dictionary.ts";
import { text } from "../dicom/elements.ts";
import { looksLikeDicom, tryMeta } from "../dicom/header.ts";
import { transferSyntax } from "../dicom/transfer-syntax.ts";
import { PleuraError } from "../errors.ts";
import { inflateStart } from "../inflate.ts";

/** A deflated data set is taken for this many times its size, and then again. */
const GROWTH = 8;
/** More bytes of an object are not read. */
const MOST_BYTES = 2 ** 31 - 1;

/** A file of which all bytes are at hand. */
export interface WholeFile {
  readonly name: string;
  /** Of a deflated file the data set alone, inflated. */
  readonly bytes: Uint8Array;
  /** Its class by its file meta information, or else its data set; `undefined` for what is no DICOM, or does not say. */
  readonly sopClass: string | undefined;
}

/**
 * Reads a file whole.
 *
 * @throws PleuraError `too-large`, `truncated`
 */
export async function readWhole({ name, size, read }: ByteSource): Promise<WholeFile> {
  if (size > MOST_BYTES) throw tooLarge(name, size);
  const bytes = new Uint8Array(size);
  if ((await read(0, bytes)) < size) throw truncated(name);
  const meta = tryMeta(bytes);
  const isDeflated = meta !== undefined && transferSyntax(meta.uid)?.deflated === true;
  const whole = isDeflated ? inflated(bytes.subarray(meta.end), name) : bytes;
  return { name, bytes: whole, sopClass: meta?.sopClass ?? statedClass(whole) };
}

/** The class that the data set of a file without meta information states. */
function statedClass(bytes: Uint8Array): string | undefined {
  const meta = tryMeta(bytes);
  if (meta === undefined || !looksLikeDicom(bytes)) return undefined;
  const { dataSet } = parseDataSet(bytes.subarray(meta.end), meta.uid, tagOf("SOPInstanceUID"));
  return text(dataSet, tagOf("SOPClassUID"));
}

function inflated(stream: Uint8Array, name: string): Uint8Array {
  for (let room = GROWTH * stream.length; ; room *= GROWTH) {
    if (room > MOST_BYTES) throw tooLarge(name, room);
    try {
      const data = inflateStart("raw", stream, room);
      if (data.length < room) return data;
    } catch {
      throw truncated(name);
    }
  }
}

function tooLarge(file: string, bytes: number): PleuraError {
  return new PleuraError("too-large", "The DICOM object is too large", {
    stage: "lungs",
    file,
    measured: `${bytes} bytes`,
    limit: `${MOST_BYTES} bytes`,
  });
}

/**
 * All elements of a file without pixels.
 *
 * @throws PleuraError `truncated` when they end too early or make no sense
 */
export function parseWhole({ name, bytes }: WholeFile): DataSet {
  const meta = tryMeta(bytes);
  if (meta === undefined) throw truncated(name);
  const data = bytes.subarray(meta.end);
  const { dataSet, end } = parseDataSet(data, meta.uid, undefined, readsFor(bytes));
  if (end !== "end of bytes") throw truncated(name);
  return dataSet;
}

/** Most 16-bit numbers that are read for a file's tags and lengths: an element has eight bytes at least. */
export function readsFor(bytes: Uint8Array): number {
  return bytes.length;
}

/** The error for a file that ends too early. */
export function truncated(file: string): PleuraError {
  return new PleuraError("truncated", "The DICOM object is damaged: it ends too early, or makes no sense", {
    stage: "lungs",
    file,
    hint: "Copy the file again from where it came from",
  });
}
