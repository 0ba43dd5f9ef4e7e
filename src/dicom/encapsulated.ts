import { type ByteSource, memorySource } from "../byte-source.ts";
import { counted } from "../counted.ts";
import { PleuraError } from "../errors.ts";
import type { Instance } from "./instance.ts";

const ITEM = 0xe000fffe;
const END = 0xe0ddfffe;

/** The first bytes of a JPEG or JPEG-LS stream, and the first markers of a JPEG 2000 one. */
const JPEG_START = 0xffd8ff;
const J2K_START = 0xff4fff51;

/** A file with one frame is read at once up to this many bytes. */
const AT_ONCE = 32 * 1024 * 1024;

interface Fragment {
  /** Offset in the file of its bytes, behind the item's tag and length. */
  readonly at: number;
  readonly length: number;
}

/** Where the fragments of files with several frames lie, so that each file is walked once. */
const walked = new WeakMap<ByteSource, Promise<Fragment[]>>();

/**
 * Reads the encoded bytes of one frame out of encapsulated pixel data (PS3.5, annex A.4).
 *
 * The fragments of a single frame are joined. Of several frames each has one fragment, or begins
 * where the basic offset table says.
 *
 * @throws PleuraError `truncated` when there are fewer fragments than frames or a fragment is cut short
 */
export async function readEncapsulatedFrame(instance: Instance): Promise<Uint8Array> {
  const { frames, frame } = instance;
  const source = frames === 1 ? await readAtOnce(instance) : instance.source;
  const walk = walked.get(source) ?? findFragments(instance, source);
  walked.set(source, walk);
  const [table, ...fragments] = await walk;
  if (table === undefined || fragments.length < frames) {
    throw damaged(instance, counted(fragments.length, "fragment"), counted(frames, "frame"));
  }
  if (table.length > 4 * frames) throw damaged(instance, `${table.length / 4} offsets of frames`, `${frames} frames`);
  if (frames === 1) {
    await refuseMoreFrames(instance, source, fragments);
    return join(source, fragments);
  }
  if (fragments.length === frames) return join(source, [fragments[frame]!]);
  const starts = await offsetTable(instance, table);
  const origin = fragments[0]!.at;
  const from = origin + starts[frame]!;
  const to = frame + 1 < frames ? origin + starts[frame + 1]! : Number.POSITIVE_INFINITY;
  return join(
    source,
    fragments.filter(({ at }) => at >= from && at < to),
  );
}

/** Refuses a file of one frame whose fragments begin several streams: the header's number of frames is wrong. */
async function refuseMoreFrames(instance: Instance, source: ByteSource, fragments: readonly Fragment[]): Promise<void> {
  let streams = 1;
  const head = new DataView(new ArrayBuffer(4));
  for (const { at } of fragments.slice(1)) {
    await source.read(at, new Uint8Array(head.buffer));
    const markers = head.getUint32(0);
    if (markers >>> 8 === JPEG_START || markers === J2K_START) streams++;
  }
  if (streams > 1) throw damaged(instance, `${streams} encoded frames`, "1 frame");
}

/** The pixels of a file in memory, at the same offsets: asking for every item of a single frame takes longer. */
async function readAtOnce({ source, pixels }: Instance): Promise<ByteSource> {
  const length = source.size - pixels.offset;
  if (!(length > 0 && length <= AT_ONCE)) return source;
  const bytes = new Uint8Array(length);
  await source.read(pixels.offset, bytes);
  const { read } = memorySource(source.name, bytes);
  return { name: source.name, size: source.size, read: (offset, target) => read(offset - pixels.offset, target) };
}

/** Walks from item to item, reading their heads only; the first is the basic offset table. */
async function findFragments(instance: Instance, source: ByteSource): Promise<Fragment[]> {
  const fragments: Fragment[] = [];
  const head = new DataView(new ArrayBuffer(8));
  for (let at = instance.pixels.offset; at + 8 <= source.size; ) {
    await source.read(at, new Uint8Array(head.buffer));
    const tag = head.getUint32(0, true);
    const length = head.getUint32(4, true);
    if (tag === END) break;
    if (tag !== ITEM) throw damaged(instance, `no fragment at byte ${at}`, "a fragment");
    const there = source.size - at - 8;
    if (length > there) throw damaged(instance, `${counted(there, "byte")} of a fragment`, counted(length, "byte"));
    fragments.push({ at: at + 8, length });
    at += 8 + length;
  }
  return fragments;
}

async function offsetTable(instance: Instance, table: Fragment): Promise<Uint32Array> {
  if (table.length < 4 * instance.frames)
    throw damaged(instance, "no offset table", counted(instance.frames, "offset"));
  const view = new DataView(new ArrayBuffer(4 * instance.frames));
  await instance.source.read(table.at, new Uint8Array(view.buffer));
  return Uint32Array.from({ length: instance.frames }, (_, i) => view.getUint32(4 * i, true));
}

async function join(source: ByteSource, fragments: readonly Fragment[]): Promise<Uint8Array> {
  const whole = new Uint8Array(fragments.reduce((sum, { length }) => sum + length, 0));
  let done = 0;
  for (const { at, length } of fragments) {
    await source.read(at, whole.subarray(done, done + length));
    done += length;
  }
  return whole;
}

function damaged(instance: Instance, measured: string, limit: string): PleuraError {
  return new PleuraError("truncated", "The compressed pixel data is damaged", {
    stage: "read",
    file: instance.source.name,
    measured,
    limit,
    hint: "Copy the file again from where it came from",
  });
}
