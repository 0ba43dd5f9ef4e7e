import { type Inflate, inflateHere } from "../inflate.ts";
import type { ByteSource } from "./byte-source.ts";
import type { FrameDecoder } from "./decode-frame.ts";
import { splitFrames } from "./frames.ts";
import { gzipReader, isGzippedDicom } from "./gzip.ts";
import { looksLikeDicom, parseHeader } from "./header.ts";
import { type Instance, instanceFromHeader } from "./instance.ts";
import { zipSources } from "./zip.ts";
import { isZip } from "./zip-directory.ts";

/** Why a file has no part in the volume. */
export type SkipReason = "not DICOM" | "not an image" | "not CT";

/** A file that was left aside while reading headers. */
export interface SkippedFile {
  readonly file: string;
  readonly reason: SkipReason;
  /** What a file that is not CT says it is: `MR`, `PT`, `SEG`, …. */
  readonly modality?: string;
}

/** Options of {@link readHeaders}. */
export interface HeaderOptions {
  /** Ends the reading between two files with its own reason. */
  readonly signal?: AbortSignal;
  /** Told at the first sight of compressed frames, so that what they take is there when they are read. */
  readonly decoder?: FrameDecoder;
  /** Inflates the files of archives; default: in this thread. */
  readonly inflate?: Inflate;
}

/** What a pass over the headers found. */
export interface Headers {
  readonly instances: readonly Instance[];
  readonly skipped: readonly SkippedFile[];
}

/** First bytes read of every file. Scanner headers are 2 to 8 kB; longer ones grow by steps. */
const PREFIX_BYTES = 8192;
const GROWTH = 8;
/** Beyond this much a header is not believed: the largest enhanced multi-frame ones stay far below. */
const MAX_HEADER_BYTES = 256 * 1024 * 1024;

/** A value of the representation CS (DICOM PS3.5, 6.2). */
const CODE = /^[A-Z0-9_ ]{1,16}$/;

/**
 * Reads the header of every source, one after the other, and no pixels.
 *
 * Archives (.zip) are looked into, and gzipped files (.dcm.gz) are unpacked. Files that are not DICOM, not images or not CT are left aside with the
 * reason. An image that does not say its modality is taken for a CT.
 *
 * @throws PleuraError `truncated` when an archive, or a gzipped file, is damaged
 */
export async function readHeaders(
  sources: Iterable<ByteSource>,
  { signal, decoder, inflate = inflateHere }: HeaderOptions = {},
): Promise<Headers> {
  const instances: Instance[] = [];
  const skipped: SkippedFile[] = [];
  const scratch = new Uint8Array(PREFIX_BYTES);
  const gunzip = gzipReader(inflate);
  for (const outer of sources) {
    for (const inner of isZip(outer.name) ? await zipSources(outer, inflate) : [outer]) {
      signal?.throwIfAborted();
      const source = isGzippedDicom(inner.name) ? await gunzip(inner) : inner;
      const found = await readHeader(source, scratch);
      if ("reason" in found) skipped.push({ file: source.name, ...found });
      else {
        instances.push(...found);
        if (decoder !== undefined) announce(found[0]!, decoder);
      }
    }
  }
  return { instances, skipped };
}

function announce({ syntax }: Instance, decoder: FrameDecoder): void {
  if (syntax === undefined || syntax.encoding === "native") return;
  // Should the codec be missing, the first frame that needs it says so.
  decoder.prepare(syntax.encoding).catch(() => {});
}

async function readHeader(
  source: ByteSource,
  scratch: Uint8Array,
): Promise<Instance[] | Pick<SkippedFile, "reason" | "modality">> {
  for (let length = PREFIX_BYTES; ; length *= GROWTH) {
    const wanted = Math.min(length, source.size);
    const buffer = wanted <= scratch.length ? scratch.subarray(0, wanted) : new Uint8Array(wanted);
    const read = await source.read(0, buffer);
    const prefix = buffer.subarray(0, read);
    if (!looksLikeDicom(prefix)) return { reason: "not DICOM" };
    const header = parseHeader(prefix);
    if (header !== undefined) {
      const instance = instanceFromHeader(source, header);
      if (instance === undefined) return { reason: "not an image" };
      const { modality = "CT" } = instance;
      if (modality === "CT") return splitFrames(instance, header.elements);
      // A value that is none of DICOM's codes may hold anything.
      return { reason: "not CT", ...(CODE.test(modality) && { modality }) };
    }
    if (read < wanted || wanted === source.size || length >= MAX_HEADER_BYTES) return { reason: "not an image" };
  }
}
