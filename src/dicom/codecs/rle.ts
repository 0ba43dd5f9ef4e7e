import { type Codec, CodecError } from "./codec.ts";

/** Offsets of at most 15 segments behind their number, 32 bits each. */
const HEADER_BYTES = 64;
/** Shorter runs are written byte by byte: calls for a whole run cost more than they spare. */
const LONG_RUN = 24;
/** Bytes that may follow a segment's last run, whatever they are. */
const FILLING = 2;
/** Bytes of each plane that are put together at a time. */
const AT_ONCE = 4;

/**
 * Run length encoding of PS3.5, annex G: one PackBits segment for each byte of a value,
 * the most significant first.
 */
export async function load(): Promise<Codec> {
  let planes = new Uint8Array(0);
  return (encoded, { rows, columns, bitsAllocated }) => {
    const bytesPerValue = bitsAllocated === 8 ? 1 : 2;
    const segments = findSegments(encoded, bytesPerValue);
    const size = rows * columns;
    const frame = { rows, columns, bytesPerValue, precision: bitsAllocated, signed: false } as const;
    if (bytesPerValue === 1) {
      const bytes = new Uint8Array(size);
      unpack(segments[0]!, bytes);
      return { ...frame, bytes };
    }
    const whole = roundUp(size);
    if (planes.length < 2 * whole) planes = new Uint8Array(2 * whole);
    const high = planes.subarray(0, whole);
    const low = planes.subarray(whole, 2 * whole);
    unpack(segments[0]!, high.subarray(0, size));
    unpack(segments[1]!, low.subarray(0, size));
    return { ...frame, bytes: interleave(high, low).subarray(0, 2 * size) };
  };
}

function findSegments(encoded: Uint8Array, wanted: number): Uint8Array[] {
  if (encoded.length < HEADER_BYTES) throw new CodecError("The run length header is cut short");
  const header = new DataView(encoded.buffer, encoded.byteOffset, HEADER_BYTES);
  const count = header.getUint32(0, true);
  if (count !== wanted) throw new CodecError(`${count} run length segments instead of ${wanted}`);
  return Array.from({ length: count }, (_, s) => {
    const from = header.getUint32(4 * (s + 1), true);
    return encoded.subarray(from, s + 1 < count ? header.getUint32(4 * (s + 2), true) : encoded.length);
  });
}

/** A multiple of {@link AT_ONCE}. */
function roundUp(size: number): number {
  return Math.ceil(size / AT_ONCE) * AT_ONCE;
}

/** Puts the bytes of values together, four values a round: half the time of one. */
function interleave(high: Uint8Array, low: Uint8Array): Uint8Array {
  const rounds = high.length / AT_ONCE;
  const highs = new Uint32Array(high.buffer, high.byteOffset, rounds);
  const lows = new Uint32Array(low.buffer, low.byteOffset, rounds);
  const pairs = new Uint32Array(2 * rounds);
  for (let i = 0; i < rounds; i++) {
    const h = highs[i]!;
    const l = lows[i]!;
    pairs[2 * i] = (l & 0xff) | ((h & 0xff) << 8) | ((l & 0xff00) << 8) | ((h & 0xff00) << 16);
    pairs[2 * i + 1] = ((l >>> 16) & 0xff) | ((h >>> 8) & 0xff00) | ((l >>> 8) & 0xff0000) | (h & 0xff000000);
  }
  return new Uint8Array(pairs.buffer);
}

/**
 * Unpacks one segment.
 *
 * @throws CodecError when it holds fewer bytes than there is room for, or more than even out an odd number
 */
function unpack(packed: Uint8Array, out: Uint8Array): void {
  let from = 0;
  let to = 0;
  let surplus = 0;
  while (to < out.length && from < packed.length) {
    const control = packed[from++]!;
    if (control !== 128) surplus = to + (control < 128 ? control + 1 : 257 - control) - out.length;
    if (control < 128) {
      const count = Math.min(control + 1, packed.length - from, out.length - to);
      if (count < LONG_RUN) for (let i = 0; i < count; i++) out[to + i] = packed[from + i]!;
      else out.set(packed.subarray(from, from + count), to);
      from += count;
      to += count;
    } else if (control > 128) {
      const value = packed[from++] ?? 0;
      const end = Math.min(to + 257 - control, out.length);
      if (end - to < LONG_RUN) while (to < end) out[to++] = value;
      else out.fill(value, to, end);
      to = end;
    }
  }
  if (to < out.length) throw new CodecError("A run length segment ends too early");
  const rest = packed.subarray(from);
  // Segments are filled up to an even length, some with more zeros than one.
  if (surplus > 1 || (rest.length > FILLING && rest.some((byte) => byte !== 0))) {
    throw new CodecError("A run length segment holds more than the header has pixels for");
  }
}
