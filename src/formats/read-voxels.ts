import type { ByteSource } from "../byte-source.ts";
import { type CheckedFormat, unpackHere } from "../inflate.ts";
import { bytesOf, type ElementType, type ImageOptions, readElements, toHounsfield } from "./image.ts";
import { checkedCount, damagedImage, surplusImage, truncatedImage } from "./image-error.ts";

/** How an image file stores its voxels. */
export interface StoredVoxels {
  /** The file whose header it is, for messages. */
  readonly file: string;
  /** The file that holds them. */
  readonly data: ByteSource;
  /** Where in it the voxels, or the compressed stream, begin. */
  readonly at: number;
  /** What compresses them; default: nothing. */
  readonly format?: CheckedFormat | undefined;
  /** Bytes before the voxels in the unpacked stream; default 0. */
  readonly skip?: number;
  /** Lengths of the axes, the fastest first. */
  readonly sizes: readonly number[];
  readonly type: ElementType;
  readonly bigEndian: boolean;
  readonly slope?: number;
  readonly intercept?: number;
}

/** Bytes that go straight to the volume at a time. */
const STRAIGHT = 64 * 1024 * 1024;
/** Bytes that are converted at a time. */
const PIECE = 4 * 1024 * 1024;
const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Reads voxels piece by piece into the volume's own memory, and turns them into Hounsfield units there.
 *
 * @returns int16 in the order of the file, and how many were held at the border of int16
 * @throws PleuraError `unsupported-pixels` for sizes that are none and for bytes too many, `truncated`,
 * `too-large`, `checksum-mismatch`
 */
export async function readVoxels(
  stored: StoredVoxels,
  options: ImageOptions,
): Promise<{ readonly voxels: Int16Array; readonly held: number }> {
  const { file, data, at, format, sizes, type, skip = 0 } = stored;
  const there = data.size - at;
  const count = checkedCount(file, sizes, type, there, format !== undefined, options.maxBytes);
  const needed = count * bytesOf(type);
  if (format === undefined && there < needed) throw truncatedImage(file, there, needed);
  if (format === undefined && there > needed) throw surplusImage(file, there, needed);
  const { signal, allocate = fresh, unpack = unpackHere } = options;
  const voxels = allocate(count);
  if (format !== undefined) {
    const filler = new Filler(stored, voxels, skip);
    try {
      for await (const piece of unpack(format, data, at)) {
        signal?.throwIfAborted();
        filler.take(piece);
      }
    } catch (cause) {
      throw signal?.aborted ? cause : damagedImage(file, cause);
    }
    filler.end();
    return { voxels, held: filler.held };
  }
  if (isAsItIs(stored)) {
    const bytes = new Uint8Array(voxels.buffer, voxels.byteOffset, needed);
    for (let done = 0; done < needed; done += STRAIGHT) {
      signal?.throwIfAborted();
      const part = bytes.subarray(done, done + STRAIGHT);
      const read = await data.read(at + done, part);
      if (read < part.length) throw truncatedImage(file, done + read, needed);
    }
    return { voxels, held: 0 };
  }
  const filler = new Filler(stored, voxels, 0);
  const piece = new Uint8Array(Math.min(PIECE, needed));
  for (let done = 0; done < needed; done += PIECE) {
    signal?.throwIfAborted();
    const part = piece.subarray(0, needed - done);
    filler.take(part.subarray(0, await data.read(at + done, part)));
  }
  filler.end();
  return { voxels, held: filler.held };
}

function fresh(length: number): Int16Array {
  return new Int16Array(length);
}

/** Whether the stored bytes are those of the volume. */
function isAsItIs({ type, bigEndian, slope = 1, intercept = 0 }: StoredVoxels): boolean {
  return type === "int16" && bigEndian !== HOST_IS_LITTLE_ENDIAN && slope === 1 && intercept === 0;
}

/** Takes the bytes of voxels in pieces of any length and fills a volume with them. */
class Filler {
  held = 0;
  private voxelsDone = 0;
  private bytes = 0;
  private rest = new Uint8Array(0);

  constructor(
    private readonly stored: StoredVoxels,
    private readonly voxels: Int16Array,
    private toSkip: number,
  ) {}

  /** @throws PleuraError when the volume is full */
  take(piece: Uint8Array): void {
    const skipped = Math.min(this.toSkip, piece.length);
    this.toSkip -= skipped;
    const part = piece.subarray(skipped);
    if (part.length === 0) return;
    const { file, type, bigEndian, slope = 1, intercept = 0 } = this.stored;
    const size = bytesOf(type);
    this.bytes += part.length;
    if (this.bytes > this.needed) throw surplusImage(file, this.bytes, this.needed);
    const all = this.rest.length === 0 ? part : joined(this.rest, part);
    const whole = all.length - (all.length % size);
    const elements = readElements(all.subarray(0, whole), type, bigEndian);
    const target = this.voxels.subarray(this.voxelsDone, this.voxelsDone + elements.length);
    this.held += toHounsfield(elements, slope, intercept, target);
    this.voxelsDone += elements.length;
    this.rest = all.slice(whole);
  }

  /** @throws PleuraError when the volume is not full */
  end(): void {
    if (this.bytes < this.needed) throw truncatedImage(this.stored.file, this.bytes, this.needed);
  }

  private get needed(): number {
    return this.voxels.length * bytesOf(this.stored.type);
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
