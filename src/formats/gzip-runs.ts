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

/**
 * What is sent, one after the other: 0 to 255 is a byte, 256 the end, and 256 + n a repetition
 * of the byte before it, n times, n from 3 to 258.
 */
type Tokens = Uint16Array;
const TOKENS = END_OF_BLOCK + LONGEST + 1;

/** For every token the bits to send, the lowest first, and how many they are. */
interface Codebook {
  readonly bits: Uint32Array;
  readonly sizes: Uint8Array;
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
  const tokens = tokenize(runs);
  const counts = histogram(tokens);
  const lengths = codeLengths(symbolFrequencies(counts), 15);
  const book = makeCodebook(lengths);
  const header = blockHeader(lengths);
  let size = header.sizes.reduce((sum, n) => sum + n, 0);
  for (let t = 0; t < TOKENS; t++) size += counts[t]! * book.sizes[t]!;
  const out = new Uint8Array(GZIP_HEADER.length + Math.ceil(size / 8) + GZIP_TRAILER_BYTES);
  out.set(GZIP_HEADER);
  const fields = Uint16Array.from(header.sizes, (_, i) => i);
  const offset = writeCodes(out, GZIP_HEADER.length * 8, fields, header);
  writeCodes(out, offset, tokens, book);
  const trailer = new DataView(out.buffer, out.length - GZIP_TRAILER_BYTES);
  trailer.setUint32(0, crc32OfRuns(runs), true);
  trailer.setUint32(4, runs.total % 2 ** 32, true);
  return out;
}

function tokenize({ values, lengths, count, total }: RunList): Tokens {
  const tokens = new Uint16Array(SHORTEST * count + Math.floor(total / LONGEST) + 1);
  let at = 0;
  for (let r = 0; r < count; r++) {
    const value = values[r]!;
    tokens[at++] = value;
    let rest = lengths[r]! - 1;
    for (; rest >= LONGEST; rest -= LONGEST) tokens[at++] = END_OF_BLOCK + LONGEST;
    if (rest >= SHORTEST) tokens[at++] = END_OF_BLOCK + rest;
    else for (; rest > 0; rest--) tokens[at++] = value;
  }
  tokens[at++] = END_OF_BLOCK;
  return tokens.subarray(0, at);
}

function histogram(tokens: Tokens): Uint32Array {
  const counts = new Uint32Array(TOKENS);
  for (let i = 0; i < tokens.length; i++) counts[tokens[i]!]!++;
  return counts;
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

function symbolFrequencies(counts: Uint32Array): Uint32Array {
  const frequencies = new Uint32Array(LITERALS_AND_LENGTHS);
  frequencies.set(counts.subarray(0, END_OF_BLOCK + 1));
  for (let n = SHORTEST; n <= LONGEST; n++) frequencies[lengthSymbol(n).symbol]! += counts[END_OF_BLOCK + n]!;
  return frequencies;
}

function makeCodebook(lengths: Uint8Array): Codebook {
  const codes = canonicalCodes(lengths);
  const bits = new Uint32Array(TOKENS);
  const sizes = new Uint8Array(TOKENS);
  bits.set(codes.subarray(0, END_OF_BLOCK + 1));
  sizes.set(lengths.subarray(0, END_OF_BLOCK + 1));
  for (let n = SHORTEST; n <= LONGEST; n++) {
    const { symbol, extra, extraSize } = lengthSymbol(n);
    bits[END_OF_BLOCK + n] = codes[symbol]! | (extra << lengths[symbol]!);
    // One bit more: the only distance code there is, 0, which stands for "the byte before".
    sizes[END_OF_BLOCK + n] = lengths[symbol]! + extraSize + 1;
  }
  return { bits, sizes };
}

/** The block's own header, which tells the codes used, as one code a field. RFC 1951, 3.2.7. */
function blockHeader(lengths: Uint8Array): Codebook {
  // The only distance code, of one bit, follows the literals' and lengths' in the same list.
  const all = [...lengths, 1];
  const frequencies = new Uint32Array(CODE_LENGTH_ORDER.length);
  for (const n of all) frequencies[n]!++;
  const sizes = codeLengths(frequencies, 7);
  const codes = canonicalCodes(sizes);
  const fields: (readonly [bits: number, size: number])[] = [
    [1, 1],
    [2, 2],
    [LITERALS_AND_LENGTHS - 257, 5],
    [0, 5],
    [CODE_LENGTH_ORDER.length - 4, 4],
    ...CODE_LENGTH_ORDER.map((symbol) => [sizes[symbol]!, 3] as const),
    ...all.map((n) => [codes[n]!, sizes[n]!] as const),
  ];
  return { bits: Uint32Array.from(fields, ([bits]) => bits), sizes: Uint8Array.from(fields, ([, size]) => size) };
}

/**
 * Writes the codes of tokens one after the other, from a bit offset on, where `out` is still 0.
 *
 * @returns the bit offset after the last code
 */
function writeCodes(out: Uint8Array, offset: number, tokens: Tokens, { bits, sizes }: Codebook): number {
  let at = offset >>> 3;
  let filled = offset & 7;
  let pending = out[at]!;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    pending |= bits[token]! << filled;
    filled += sizes[token]!;
    for (; filled >= 8; filled -= 8, pending >>>= 8) out[at++] = pending;
  }
  if (filled > 0) out[at] = pending;
  return at * 8 + filled;
}
