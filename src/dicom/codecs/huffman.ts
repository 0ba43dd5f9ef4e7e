import { CodecError } from "./codec.ts";

/** Codes up to this length are found by one look. */
export const QUICK_BITS = 9;

/** A Huffman table as a JPEG stream defines it (ITU-T T.81, annex C and F.2.2.3). */
export interface HuffmanTable {
  /** For every start of {@link QUICK_BITS} bits: `length << 8 | symbol`, or 0 when the code is longer. */
  readonly quick: Uint16Array;
  /** Largest code of each length, 1 to 16; -1 where there is none. */
  readonly maxCode: Int32Array;
  /** What to add to a code of each length to find its symbol. */
  readonly offset: Int32Array;
  /** Numbers of codes of lengths 1 to 16. */
  readonly counts: Uint8Array;
  /** In ascending order of the codes. */
  readonly symbols: Uint8Array;
}

/**
 * Builds a table.
 *
 * @param counts - 16 numbers of codes, of lengths 1 to 16
 * @param symbols - their symbols in ascending order of the codes
 * @throws CodecError when there are more codes than bits can tell apart, or too few symbols
 */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  if (symbols.length < counts.reduce((sum, n) => sum + n, 0)) throw new CodecError("A JPEG table is cut short");
  const quick = new Uint16Array(1 << QUICK_BITS);
  const maxCode = new Int32Array(17).fill(-1);
  const offset = new Int32Array(17);
  let code = 0;
  let first = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1]!;
    offset[length] = first - code;
    if (code + count > 1 << length) throw new CodecError("The JPEG stream holds an impossible table");
    if (count > 0) maxCode[length] = code + count - 1;
    for (let i = 0; i < count && length <= QUICK_BITS; i++) {
      const from = (code + i) << (QUICK_BITS - length);
      quick.fill((length << 8) | symbols[first + i]!, from, from + (1 << (QUICK_BITS - length)));
    }
    first += count;
    code = (code + count) << 1;
  }
  return { quick, maxCode, offset, counts, symbols };
}
