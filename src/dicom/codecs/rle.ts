import { type Codec, CodecError } from "./codec.ts";

/** Offsets of at most 15 segments behind their number, 32 bits each. */
const HEADER_BYTES = 64;

/** DICOM's own run length encoding. */
export async function load(): Promise<Codec> {
  return decode;
}

/**
 * Run length encoding of PS3.5, annex G: one PackBits segment for each byte of a value,
 * the most significant first.
 */
const decode: Codec = (encoded, { rows, columns, bitsAllocated }) => {
  const bytesPerValue = bitsAllocated === 8 ? 1 : 2;
  if (encoded.length < HEADER_BYTES) throw new CodecError("The run length header is cut short");
  const header = new DataView(encoded.buffer, encoded.byteOffset, HEADER_BYTES);
  const segments = header.getUint32(0, true);
  if (segments !== bytesPerValue) throw new CodecError(`${segments} run length segments instead of ${bytesPerValue}`);
  const bytes = new Uint8Array(rows * columns * bytesPerValue);
  for (let s = 0; s < segments; s++) {
    const from = header.getUint32(4 * (s + 1), true);
    const to = s + 1 < segments ? header.getUint32(4 * (s + 2), true) : encoded.length;
    unpack(encoded.subarray(from, to), bytes, bytesPerValue - 1 - s, bytesPerValue);
  }
  return { rows, columns, bytes, bytesPerValue, precision: bitsAllocated, signed: false };
};

/** Unpacks one segment to every `stride`-th byte, beginning at `at`. */
function unpack(packed: Uint8Array, bytes: Uint8Array, at: number, stride: number): void {
  let i = 0;
  let out = at;
  while (out < bytes.length && i < packed.length) {
    const control = packed[i++]!;
    if (control < 128) {
      for (let end = Math.min(i + control + 1, packed.length); i < end && out < bytes.length; out += stride) {
        bytes[out] = packed[i++]!;
      }
    } else if (control > 128) {
      const value = packed[i++] ?? 0;
      for (let n = 257 - control; n > 0 && out < bytes.length; n--, out += stride) bytes[out] = value;
    }
  }
  if (out < bytes.length) throw new CodecError("A run length segment ends too early");
}
