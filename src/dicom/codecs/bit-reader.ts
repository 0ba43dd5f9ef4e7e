import { CodecError } from "./codec.ts";
import { DIFFERENCE_BITS } from "./difference-table.ts";
import { type HuffmanTable, QUICK_BITS } from "./huffman.ts";

/** Behind the last byte of a segment so much can be read, so that no look has to ask where it ends. */
const MARGIN = 8;

/**
 * Reads bits of a JPEG scan, most significant first, segment by segment.
 *
 * A segment ends at a marker. Its bytes are copied without the zeros that are stuffed behind each
 * 0xff, so that any 25 bits are one load and one shift away.
 */
export class BitReader {
  readonly #encoded: Uint8Array;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Offset in the encoded stream of the marker that ends the segment. */
  #marker = 0;
  /** Number of bits in the segment, and of those that are used. */
  #size = 0;
  #used = 0;

  /** @param start - offset in the encoded stream of the first segment */
  constructor(encoded: Uint8Array, start: number) {
    this.#encoded = encoded;
    this.#bytes = new Uint8Array(Math.max(0, encoded.length - start) + MARGIN);
    this.#view = new DataView(this.#bytes.buffer);
    this.#open(start);
  }

  /** The next symbol of a table. */
  symbol(table: HuffmanTable): number {
    const next = this.#look();
    const found = table.quick[next >>> (32 - QUICK_BITS)]!;
    if (found !== 0) {
      this.#use(found >> 8);
      return found & 0xff;
    }
    for (let length = QUICK_BITS + 1; length <= 16; length++) {
      const code = next >>> (32 - length);
      if (code <= table.maxCode[length]!) {
        this.#use(length);
        return table.symbols[code + table.offset[length]!]!;
      }
    }
    throw unknownCode();
  }

  /** A number of `count` bits, at most 16, with its sign, as differences and coefficients are written. */
  signed(count: number): number {
    if (count === 0) return 0;
    const value = this.#look() >>> (32 - count);
    this.#use(count);
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  /**
   * Reads differences as a lossless scan writes them, `symbol` and then `signed`, most of them by
   * one look into a table.
   *
   * @param quick - as {@link differenceTable} makes it of `table`
   * @param out - receives `before` plus the sum of the differences so far, or each difference alone
   * @param from - first place in `out`
   * @param to - behind the last place
   * @param before - the value in front of the first one
   * @param sum - whether to sum up
   */
  differences(
    table: HuffmanTable,
    quick: Int32Array,
    out: Uint16Array,
    from: number,
    to: number,
    before: number,
    sum: boolean,
  ): void {
    const view = this.#view;
    const size = this.#size;
    const keep = sum ? -1 : 0;
    const shift = 32 - DIFFERENCE_BITS;
    let used = this.#used;
    let value = before;
    for (let i = from; i < to; i++) {
      const known = quick[(view.getInt32(used >> 3) << (used & 7)) >>> shift]!;
      if (known !== 0) {
        used += known & 0xff;
        value = (value & keep) + (known >> 8);
        if (used > size) throw tooEarly();
      } else {
        this.#used = used;
        const bits = this.symbol(table);
        // The difference of 16 bits is but one, and needs none of them (table H.2).
        if (bits > 16) throw unknownCode();
        value = (value & keep) + (bits === 16 ? 32768 : this.signed(bits));
        used = this.#used;
      }
      out[i] = value;
    }
    this.#used = used;
  }

  /** Goes on behind the next restart marker. */
  restart(): void {
    const bytes = this.#encoded;
    let at = this.#marker;
    while (at + 1 < bytes.length && !(bytes[at] === 0xff && (bytes[at + 1]! & 0xf8) === 0xd0)) at++;
    this.#open(at + 2);
  }

  #open(start: number): void {
    const encoded = this.#encoded;
    let size = 0;
    let from = start;
    for (;;) {
      const found = encoded.indexOf(0xff, from);
      const at = found < 0 ? Math.max(from, encoded.length) : found;
      const isStuffed = encoded[at + 1] === 0;
      const part = encoded.subarray(from, isStuffed ? at + 1 : at);
      this.#bytes.set(part, size);
      size += part.length;
      this.#marker = at;
      if (!isStuffed) break;
      from = at + 2;
    }
    this.#size = 8 * size;
    this.#used = 0;
  }

  /** The next 25 bits or more at the upper end of a word. */
  #look(): number {
    return this.#view.getInt32(this.#used >> 3) << (this.#used & 7);
  }

  #use(count: number): void {
    this.#used += count;
    if (this.#used > this.#size) throw tooEarly();
  }
}

function unknownCode(): CodecError {
  return new CodecError("The JPEG stream holds a code that its tables do not know");
}

function tooEarly(): CodecError {
  return new CodecError("The JPEG stream ends too early");
}
