import type { ByteSource } from "../byte-source.ts";
import { counted } from "../counted.ts";
import { PleuraError } from "../errors.ts";
import { inflateStart } from "../inflate.ts";
import { decodeFrame, decodeHere, type FrameDecoder, type StoredFrame } from "./decode-frame.ts";
import type { Instance } from "./instance.ts";
import { trimStoredBits } from "./stored-bits.ts";
import { isStandardSyntax } from "./transfer-syntax.ts";

/** Deflate gives at most this many bytes for one. */
const DEFLATE_LIMIT = 1032;
const COMPARE_HEADER = "Rows, Columns, Bits Allocated or Number of Frames may be wrong: compare them with the original";
const HOST_IS_BIG_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 0;

/**
 * Refuses an instance whose pixels pleura cannot read, or whose file is too short for them.
 *
 * @throws PleuraError `unsupported-syntax`, `unsupported-pixels` or `truncated`
 */
export function checkPixels(instance: Instance): void {
  const { source, syntax, bitsAllocated, bitsStored, highBit, samplesPerPixel, frames, groups, pixels } = instance;
  const unsupported = (what: string, measured: string, limit: string, hint?: string): PleuraError => {
    const details = { stage: "read", file: source.name, measured, limit, ...(hint !== undefined && { hint }) } as const;
    return new PleuraError("unsupported-pixels", what, details);
  };
  if (syntax === undefined) {
    throw new PleuraError("unsupported-syntax", "The transfer syntax is not one that can be read", {
      stage: "read",
      file: source.name,
      ...(isStandardSyntax(instance.syntaxUid) ? { measured: instance.syntaxUid } : { quote: instance.syntaxUid }),
      limit: "an uncompressed one, RLE, JPEG, JPEG Lossless, JPEG-LS, JPEG 2000 or HTJ2K",
      hint: "Decompress the series first, for instance with dcmdjpeg or gdcmconv",
    });
  }
  if (samplesPerPixel !== 1) throw unsupported("Not a grey image", `${samplesPerPixel} samples a pixel`, "1");
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    throw unsupported("Unusual pixel size", `${bitsAllocated} bits allocated`, "8 or 16");
  }
  if (groups > 0 && groups !== frames) {
    const what = "The header describes another number of frames than it states";
    throw unsupported(what, `functional groups of ${groups} frames`, `${frames} frames`, COMPARE_HEADER);
  }
  if (frames !== 1 && !instance.grouped) {
    throw unsupported("Nothing tells where the frames of this file lie", counted(frames, "frame"), "1");
  }
  if (syntax.encoding !== "native") return;
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit < bitsStored - 1 || highBit >= bitsAllocated) {
    throw unsupported("Impossible stored bits", `${bitsStored} bits up to bit ${highBit}`, `${bitsAllocated} bits`);
  }
  if (pixels.length === undefined) {
    const what = "The pixel data is compressed, but the transfer syntax is that of uncompressed pixels";
    throw unsupported(what, syntax.uid, "the syntax of the compression", COMPARE_HEADER);
  }
  if (pixels.deflatedAt === undefined) checkLength(instance, source.size - pixels.offset);
  else checkLength(instance, (source.size - pixels.deflatedAt) * DEFLATE_LIMIT);
  checkSurplus(instance, pixels.length);
}

/**
 * Refuses more pixel bytes than the header has pixels for: one of the two is wrong, and with a wrong number
 * of columns an image reads as a slanted one. What a last row or column would not fill is padding.
 */
function checkSurplus({ source, rows, columns, bitsAllocated, frames, frame }: Instance, length: number): void {
  const pixelBytes = bitsAllocated / 8;
  const needed = (frames - frame) * rows * columns * pixelBytes;
  if (length - needed < Math.max(2, Math.min(rows, columns) * pixelBytes)) return;
  const extent = frames === 1 ? `${rows} × ${columns}` : `${frames - frame} × ${rows} × ${columns}`;
  throw new PleuraError("unsupported-pixels", "There are more pixel bytes than the header has pixels for", {
    stage: "read",
    file: source.name,
    measured: `${length} bytes`,
    limit: `${needed} bytes (${extent} pixels of ${bitsAllocated} bits)`,
    hint: COMPARE_HEADER,
  });
}

/** Whether the file is as long as its uncompressed pixels need it to be. */
export function isComplete({ source, rows, columns, bitsAllocated, pixels, syntax }: Instance): boolean {
  if (syntax?.encoding !== "native" || pixels.deflatedAt !== undefined) return true;
  return source.size - pixels.offset >= (rows * columns * bitsAllocated) / 8;
}

/**
 * Reads the stored pixels of one instance to their place in the volume.
 *
 * Little endian 16 bit goes from the source straight into `target`; the bits are left as they
 * are, so unsigned values above 32767 read as negative until they are rescaled.
 *
 * @param target - int16 (rows × columns)
 * @param decoder - of compressed frames
 * @returns how the values in `target` are to be taken
 * @throws PleuraError `truncated` when the file ends before its pixels do
 */
export async function readStored(
  instance: Instance,
  target: Int16Array,
  decoder: FrameDecoder = decodeHere,
): Promise<StoredFrame> {
  const { source, pixels, bitsAllocated, signed } = instance;
  const { encoding, bigEndian } = instance.syntax!;
  if (encoding !== "native") return decodeFrame(instance, encoding, target, decoder);
  const wide = bitsAllocated === 16;
  const bytes = wide
    ? new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
    : new Uint8Array(target.length);
  const read =
    pixels.deflatedAt === undefined
      ? await source.read(pixels.offset, bytes)
      : await readDeflated(source, pixels.deflatedAt, pixels.offset, bytes);
  checkLength(instance, read);
  if (wide) {
    if (bigEndian !== HOST_IS_BIG_ENDIAN) swapBytes(bytes);
    trimStoredBits(target, instance);
    return { signed, isRepaired: false };
  }
  target.set(signed ? new Int8Array(bytes.buffer) : bytes);
  return { signed: true, isRepaired: false };
}

function checkLength({ source, rows, columns, bitsAllocated, pixels }: Instance, found: number): void {
  const needed = (rows * columns * bitsAllocated) / 8;
  const there = Math.max(0, Math.min(found, pixels.length ?? found));
  if (there >= needed) return;
  throw new PleuraError("truncated", "The pixel data ends too early", {
    stage: "read",
    file: source.name,
    measured: counted(there, "byte"),
    limit: `${counted(needed, "byte")} (${rows} × ${columns} pixels of ${bitsAllocated} bits)`,
    hint: "Copy the file again from where it came from, or leave it out with --allow-damaged (allowDamaged)",
  });
}

async function readDeflated(source: ByteSource, start: number, offset: number, target: Uint8Array): Promise<number> {
  const deflated = new Uint8Array(source.size - start);
  await source.read(start, deflated);
  let inflated: Uint8Array;
  try {
    inflated = inflateStart("raw", deflated, offset + target.length);
  } catch (cause) {
    throw new PleuraError("truncated", "The deflated data set is damaged", {
      stage: "read",
      file: source.name,
      hint: "Copy the file again from where it came from",
      cause,
    });
  }
  const found = inflated.subarray(offset);
  target.set(found);
  return found.length;
}

function swapBytes(bytes: Uint8Array): void {
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    const low = bytes[i]!;
    bytes[i] = bytes[i + 1]!;
    bytes[i + 1] = low;
  }
}
