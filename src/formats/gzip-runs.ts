import { crc32OfRuns } from "./crc32-runs.ts";
import { canonicalCodes, codeLengths } from "./huffman.ts";
import type { RunList } from "./run-list.ts";

/** Longest and shortest repetition that deflate can name. */
const LONGEST = 258;
const SHORTEST = 3;
const END_OF_BLOCK = 256;
const LITERALS_AND_LENGTHS = 286;
/** Order in which deflate sends the lengths of the code-length code. RFC 1951, 3.2.7. */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const GZIP_HEADER = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
const GZIP_TRAILER_BYTES = 8;

/** What to send for a literal or a repetition: bits, lowest first, and how many. */
interface Codebook {
  readonly literalBits: Uint32Array;
  readonly literalSizes: Uint8Array;
  /** Indexed by the length of a repetition of the byte before it, 3 to 258. */
  readonly repeatBits: Uint32Array;
  readonly repeatSizes: Uint8Array;
}

/**
 * Packs runs of equal bytes as a gzip file, in a time that depends on the number of runs: every
 * run is its first byte and repetitions of it, in one block with a Huffman code made for them.
 * The result is deterministic (no time stamp).
 *
 * Sources: RFC 1951 (deflate), RFC 1952 (gzip).
 *
 * @param runs - the bytes to pack, less than 2^32 of them in one run
 * @returns a gzip file that any reader unpacks to the bytes the runs stand for
 */
export function gzipRuns(runs: RunList): Uint8Array {
  const frequencies = countSymbols(runs);
  const lengths = codeLengths(frequencies, 15);
  const book = makeCodebook(lengths);
  const header = blockHeader(lengths);
  const bits = header.size + countBits(frequencies, lengths);
  const out = new Uint8Array(GZIP_HEADER.length + Math.ceil(bits / 8) + GZIP_TRAILER_BYTES);
  out.set(GZIP_HEADER);
  writeBlock(out.subarray(GZIP_HEADER.length), runs, header.fields, book);
  const trailer = new DataView(out.buffer, out.length - GZIP_TRAILER_BYTES);
  trailer.setUint32(0, crc32OfRuns(runs), true);
  trailer.setUint32(4, runs.total % 2 ** 32, true);
  return out;
}

/** Deflate's symbol for a length and the extra bits after it. RFC 1951, 3.2.5. */
function lengthSymbol(length: number): { symbol: number; extra: number; extraSize: number } {
  if (length === LONGEST) return { symbol: 285, extra: 0, extraSize: 0 };
  const offset = length - SHORTEST;
  if (offset < 8) return { symbol: 257 + offset, extra: 0, extraSize: 0 };
  const extraSize = 29 - Math.clz32(offset);
  return {
    symbol: 257 + 4 * extraSize + (offset >> extraSize),
    extra: offset & ((1 << extraSize) - 1),
    extraSize,
  };
}

function countSymbols(runs: RunList): Uint32Array {
  const symbols = Uint16Array.from({ length: LONGEST + 1 }, (_, n) => (n < SHORTEST ? 0 : lengthSymbol(n).symbol));
  const frequencies = new Uint32Array(LITERALS_AND_LENGTHS);
  frequencies[END_OF_BLOCK] = 1;
  for (let r = 0; r < runs.count; r++) {
    const value = runs.values[r]!;
    const rest = runs.lengths[r]! - 1;
    const whole = Math.floor(rest / LONGEST);
    const tail = rest - whole * LONGEST;
    frequencies[symbols[LONGEST]!]! += whole;
    if (tail < SHORTEST) frequencies[value]! += 1 + tail;
    else {
      frequencies[value]!++;
      frequencies[symbols[tail]!]!++;
    }
  }
  return frequencies;
}

function makeCodebook(lengths: Uint8Array): Codebook {
  const codes = canonicalCodes(lengths);
  const repeatBits = new Uint32Array(LONGEST + 1);
  const repeatSizes = new Uint8Array(LONGEST + 1);
  for (let n = SHORTEST; n <= LONGEST; n++) {
    const { symbol, extra, extraSize } = lengthSymbol(n);
    repeatBits[n] = codes[symbol]! | (extra << lengths[symbol]!);
    // One bit more: the only distance code there is, 0, which stands for "the byte before".
    repeatSizes[n] = lengths[symbol]! + extraSize + 1;
  }
  return { literalBits: Uint32Array.from(codes), literalSizes: lengths, repeatBits, repeatSizes };
}

/** The block's own header: which codes it uses, as (bits, size) pairs. RFC 1951, 3.2.7. */
function blockHeader(lengths: Uint8Array): { fields: readonly (readonly [number, number])[]; size: number } {
  // The only distance code, of one bit, follows the literals' and lengths' in the same list.
  const all = [...lengths, 1];
  const frequencies = new Uint32Array(CODE_LENGTH_ORDER.length);
  for (const n of all) frequencies[n]!++;
  const sizes = codeLengths(frequencies, 7);
  const codes = canonicalCodes(sizes);
  const fields: (readonly [number, number])[] = [
    [1, 1],
    [2, 2],
    [LITERALS_AND_LENGTHS - 257, 5],
    [0, 5],
    [CODE_LENGTH_ORDER.length - 4, 4],
    ...CODE_LENGTH_ORDER.map((symbol) => [sizes[symbol]!, 3] as const),
    ...all.map((n) => [codes[n]!, sizes[n]!] as const),
  ];
  return { fields, size: fields.reduce((sum, [, size]) => sum + size, 0) };
}

function countBits(frequencies: Uint32Array, lengths: Uint8Array): number {
  let bits = 0;
  for (let symbol = 0; symbol < frequencies.length; symbol++) {
    const extra = symbol < 265 || symbol === 285 ? 0 : (symbol - 261) >> 2;
    bits += frequencies[symbol]! * (lengths[symbol]! + extra + (symbol > END_OF_BLOCK ? 1 : 0));
  }
  return bits;
}

function writeBlock(
  out: Uint8Array,
  runs: RunList,
  header: readonly (readonly [number, number])[],
  { literalBits, literalSizes, repeatBits, repeatSizes }: Codebook,
): void {
  let at = 0;
  let pending = 0;
  let filled = 0;
  const put = (bits: number, size: number): void => {
    pending |= bits << filled;
    filled += size;
    while (filled >= 8) {
      out[at++] = pending;
      pending >>>= 8;
      filled -= 8;
    }
  };
  for (const [bits, size] of header) put(bits, size);
  const { values, lengths, count } = runs;
  for (let r = 0; r < count; r++) {
    const value = values[r]!;
    put(literalBits[value]!, literalSizes[value]!);
    let rest = lengths[r]! - 1;
    for (; rest >= LONGEST; rest -= LONGEST) put(repeatBits[LONGEST]!, repeatSizes[LONGEST]!);
    if (rest >= SHORTEST) put(repeatBits[rest]!, repeatSizes[rest]!);
    else for (; rest > 0; rest--) put(literalBits[value]!, literalSizes[value]!);
  }
  put(literalBits[END_OF_BLOCK]!, literalSizes[END_OF_BLOCK]!);
  if (filled > 0) out[at] = pending;
}
