import { CodecError } from "./codec.ts";

/** Codes up to this length are found by one look. */
const QUICK_BITS = 9;

/** A Huffman table as a JPEG stream defines it (ITU-T T.81, annex C and F.2.2.3). */
export interface HuffmanTable {
  /** For every start of {@link QUICK_BITS} bits: `length << 8 | symbol`, or 0 when the code is longer. */
  readonly quick: Uint16Array;
  /** Largest code of each length, 1 to 16; -1 where there is none. */
  readonly maxCode: Int32Array;
  /** What to add to a code of each length to find its symbol. */
  readonly offset: Int32Array;
  readonly symbols: Uint8Array;
}

/**
 * Builds a table.
 *
 * @param counts - 16 numbers of codes, of lengths 1 to 16
 * @param symbols - their symbols in ascending order of the codes
 */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const quick = new Uint16Array(1 << QUICK_BITS);
  const maxCode = new Int32Array(17).fill(-1);
  const offset = new Int32Array(17);
  let code = 0;
  let first = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1]!;
    offset[length] = first - code;
    if (count > 0) maxCode[length] = code + count - 1;
    for (let i = 0; i < count && length <= QUICK_BITS; i++) {
      const from = (code + i) << (QUICK_BITS - length);
      quick.fill((length << 8) | symbols[first + i]!, from, from + (1 << (QUICK_BITS - length)));
    }
    first += count;
    code = (code + count) << 1;
  }
  return { quick, maxCode, offset, symbols };
}

/** Reads bits of a JPEG scan, most significant first, and takes out the stuffed zeros. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  /** The last bits read; the lowest `#count` of them are still to be used. */
  #bits = 0;
  #count = 0;
  /** How many of the bits at hand were made up because the stream had ended. */
  #missing = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** The next symbol of a table. */
  symbol(table: HuffmanTable): number {
    this.#fill(16);
    const found = table.quick[(this.#bits >>> (this.#count - QUICK_BITS)) & ((1 << QUICK_BITS) - 1)]!;
    if (found !== 0) {
      this.#use(found >> 8);
      return found & 0xff;
    }
    const next = (this.#bits >>> (this.#count - 16)) & 0xffff;
    for (let length = QUICK_BITS + 1; length <= 16; length++) {
      const code = next >> (16 - length);
      if (code <= table.maxCode[length]!) {
        this.#use(length);
        return table.symbols[code + table.offset[length]!]!;
      }
    }
    throw new CodecError("The JPEG stream holds a code that its tables do not know");
  }

  /** A number of `count` bits, at most 16, with its sign, as differences and coefficients are written. */
  signed(count: number): number {
    if (count === 0) return 0;
    this.#fill(count);
    const value = (this.#bits >>> (this.#count - count)) & ((1 << count) - 1);
    this.#use(count);
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  /** Drops the rest of the byte and the restart marker behind it. */
  restart(): void {
    // Bits at hand come from before the marker: reading stops at it.
    this.#count = 0;
    this.#missing = 0;
    while (this.#at + 1 < this.#bytes.length) {
      if (this.#bytes[this.#at] === 0xff && (this.#bytes[this.#at + 1]! & 0xf8) === 0xd0) break;
      this.#at++;
    }
    this.#at += 2;
  }

  #fill(count: number): void {
    while (this.#count < count) {
      this.#bits = (this.#bits << 8) | this.#nextByte();
      this.#count += 8;
    }
  }

  #use(count: number): void {
    this.#count -= count;
    if (this.#count < this.#missing) throw new CodecError("The JPEG stream ends too early");
  }

  /** The next byte; zeros from the end of the stream, or a marker, on. */
  #nextByte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined || (byte === 0xff && this.#bytes[this.#at + 1] !== 0)) {
      this.#missing += 8;
      return 0;
    }
    this.#at += byte === 0xff ? 2 : 1;
    return byte;
  }
}
