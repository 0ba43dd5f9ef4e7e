import { beginsAsGzip, gzipReader, isGzippedDicom } from "../archives/gzip.ts";
import { zipSources } from "../archives/zip.ts";
import { isZip } from "../archives/zip-directory.ts";
import type { ByteSource } from "../byte-source.ts";
import { PleuraError } from "../errors.ts";
import { type Inflate, inflateHere } from "../inflate.ts";
import type { FrameDecoder } from "./decode-frame.ts";
import { type DirectoryImage, isDirectory, readDirectory } from "./dicomdir.ts";
import { splitFrames } from "./frames.ts";
import { isGzippedImage } from "./gzipped-image.ts";
import { type Identity, identify, looksLikeDicom, parseHeader } from "./header.ts";
import { type Instance, instanceFromHeader } from "./instance.ts";
import { isModalityTerm } from "./modalities.ts";

/** Why a file has no part in the volume. */
export type SkipReason = "not DICOM" | "not an image" | "not CT" | "cannot be read";

/** A file that was left aside while reading headers. */
export interface SkippedFile {
  readonly file: string;
  readonly reason: SkipReason;
  /** What a file that is not CT says it is: `MR`, `PT`, `SEG`, …. */
  readonly modality?: string;
  /** More about it: "empty", "a dangling link". */
  readonly detail?: string;
}

/** A file that was left aside, with what little it says of itself. */
export interface AsideFile extends SkippedFile {
  readonly identity: Identity;
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
  /** The same files as `skipped`. */
  readonly aside: readonly AsideFile[];
  /** Images that a DICOMDIR lists. */
  readonly listed: readonly DirectoryImage[];
}

/** First bytes read of every file. Scanner headers are 2 to 8 kB; longer ones grow by steps. */
const PREFIX_BYTES = 8192;
const GROWTH = 8;
/** Beyond this much a header is not believed: the largest enhanced multi-frame ones stay far below. */
const MAX_HEADER_BYTES = 256 * 1024 * 1024;

/**
 * Reads the header of every source, one after the other, and no pixels.
 *
 * Archives (.zip) are looked into, and gzipped files (.dcm.gz) are unpacked. Files that cannot be read, are not DICOM, not
 * images or not CT are left aside with the reason. An image that does not say its modality is taken for a CT.
 *
 * @throws PleuraError `truncated` when an archive, or a gzipped file, is damaged
 */
export async function readHeaders(
  sources: Iterable<ByteSource>,
  { signal, decoder, inflate = inflateHere }: HeaderOptions = {},
): Promise<Headers> {
  const instances: Instance[] = [];
  const aside: AsideFile[] = [];
  const listed: DirectoryImage[] = [];
  const scratch = new Uint8Array(PREFIX_BYTES);
  const gunzip = gzipReader(inflate);
  for (const outer of sources) {
    for (const inner of isZip(outer.name) ? await zipSources(outer, inflate) : [outer]) {
      signal?.throwIfAborted();
      let source = isGzippedDicom(inner.name) ? await gunzip(inner) : inner;
      let found = await readHeader(source, scratch);
      if (
        isOther(found) &&
        source === inner &&
        inner.size > 0 &&
        beginsAsGzip(scratch) &&
        (await isGzippedImage(inner))
      ) {
        // The scratch memory still holds the file's first bytes. A renamed .dcm.gz is told by its content, as every other DICOM file is.
        const inside = await gunzip(inner).catch(() => undefined);
        const foundInside = inside && (await readHeader(inside, scratch));
        if (inside && foundInside && !isOther(foundInside)) [source, found] = [inside, foundInside];
      }
      if (Array.isArray(found)) {
        instances.push(...found);
        if (decoder !== undefined) announce(found[0]!, decoder);
      } else {
        aside.push(found);
        if (isDirectory(found.identity)) listed.push(...(await readDirectory(source)));
      }
    }
  }
  const skipped = aside.map(({ identity, ...file }) => file);
  return { instances, skipped, aside, listed };
}

/** Whether a file's content is none of DICOM. */
function isOther(found: Instance[] | AsideFile): boolean {
  return !Array.isArray(found) && found.reason === "not DICOM";
}

function announce({ syntax }: Instance, decoder: FrameDecoder): void {
  if (syntax === undefined || syntax.encoding === "native") return;
  // Should the codec be missing, the first frame that needs it says so.
  decoder.prepare(syntax.encoding).catch(() => {});
}

async function readHeader(source: ByteSource, scratch: Uint8Array): Promise<Instance[] | AsideFile> {
  let prefix = scratch.subarray(0, 0);
  const leftAside = (reason: SkipReason, detail?: string, identity = identify(prefix)): AsideFile => {
    return { file: source.name, reason, ...(detail !== undefined && { detail }), identity };
  };
  if (source.problem !== undefined) return leftAside("cannot be read", source.problem);
  if (source.size === 0) return leftAside("not DICOM", "empty");
  for (let length = PREFIX_BYTES; ; length *= GROWTH) {
    const wanted = Math.min(length, source.size);
    const buffer = wanted <= scratch.length ? scratch.subarray(0, wanted) : new Uint8Array(wanted);
    try {
      prefix = buffer.subarray(0, await source.read(0, buffer));
    } catch (cause) {
      return leftAside("cannot be read", detailOf(cause));
    }
    if (!looksLikeDicom(prefix)) return leftAside("not DICOM");
    const header = parseHeader(prefix);
    if (header === "too long") return leftAside("not an image", "a header without an end");
    if (header !== undefined) {
      const instance = instanceFromHeader(source, header);
      if (instance === undefined) return leftAside("not an image");
      const { modality = "CT" } = instance;
      if (modality === "CT") return splitFrames(instance, header.elements);
      // A value that is none of DICOM's codes may hold anything.
      return { ...leftAside("not CT", undefined, instance), ...(isModalityTerm(modality) && { modality }) };
    }
    if (prefix.length < wanted || wanted === source.size || length >= MAX_HEADER_BYTES)
      return leftAside("not an image");
  }
}

function detailOf(cause: unknown): string {
  if (cause instanceof PleuraError) return cause.measured ?? cause.what;
  return cause instanceof Error ? cause.message : String(cause);
}
