import { type Inflate, inflateHere } from "../inflate.ts";
import type { ByteSource } from "../byte-source.ts";
import type { FrameDecoder } from "./decode-frame.ts";
import { splitFrames } from "./frames.ts";
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

/**
 * Reads the header of every source, one after the other, and no pixels.
 *
 * Archives (.zip) are looked into. Files that are not DICOM, not images or not CT are left aside with the
 * reason. An image that does not say its modality is taken for a CT.
 *
 * @throws PleuraError `truncated` when an archive is damaged
 */
export async function readHeaders(
  sources: Iterable<ByteSource>,
  { signal, decoder, inflate = inflateHere }: HeaderOptions = {},
): Promise<Headers> {
  const instances: Instance[] = [];
  const skipped: SkippedFile[] = [];
  const scratch = new Uint8Array(PREFIX_BYTES);
  for (const outer of sources) {
    for (const source of isZip(outer.name) ? await zipSources(outer, inflate) : [outer]) {
      signal?.throwIfAborted();
      const found = await readHeader(source, scratch);
      if (typeof found === "string") skipped.push({ file: source.name, reason: found });
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

async function readHeader(source: ByteSource, scratch: Uint8Array): Promise<Instance[] | SkipReason> {
  for (let length = PREFIX_BYTES; ; length *= GROWTH) {
    const wanted = Math.min(length, source.size);
    const buffer = wanted <= scratch.length ? scratch.subarray(0, wanted) : new Uint8Array(wanted);
    const read = await source.read(0, buffer);
    const prefix = buffer.subarray(0, read);
    if (!looksLikeDicom(prefix)) return "not DICOM";
    const header = parseHeader(prefix);
    if (header !== undefined) {
      const instance = instanceFromHeader(source, header);
      if (instance === undefined) return "not an image";
      const isCt = instance.modality === undefined || instance.modality === "CT";
      return isCt ? splitFrames(instance, header.elements) : "not CT";
    }
    if (read < wanted || wanted === source.size || length >= MAX_HEADER_BYTES) return "not an image";
  }
}
