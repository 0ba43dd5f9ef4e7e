import { BitReader } from "./bit-reader.ts";
import { type Codec, CodecError } from "./codec.ts";
import type { HuffmanTable } from "./huffman.ts";
import { inverseDct } from "./inverse-dct.ts";
import { checkJpegFrame, readJpegFrame } from "./jpeg-markers.ts";
import { readJpegScan } from "./jpeg-tables.ts";

const BASELINE = 0xc0;
const EXTENDED = 0xc1;

/** Place in the 8 × 8 block of each coefficient in the order of the stream. */
const ZIGZAG = Uint8Array.of(
  0,
  1,
  8,
  16,
  9,
  2,
  3,
  10,
  17,
  24,
  32,
  25,
  18,
  11,
  4,
  5,
  12,
  19,
  26,
  33,
  40,
  48,
  41,
  34,
  27,
  20,
  13,
  6,
  7,
  14,
  21,
  28,
  35,
  42,
  49,
  56,
  57,
  50,
  43,
  36,
  29,
  22,
  15,
  23,
  30,
  37,
  44,
  51,
  58,
  59,
  52,
  45,
  38,
  31,
  39,
  46,
  53,
  60,
  61,
  54,
  47,
  55,
  62,
  63,
);

/**
 * Baseline and extended sequential JPEG, 8 and 12 bit, one component (ITU-T T.81, processes 1, 2
 * and 4). It is pleura's own because none of the decoders at hand reads 12 bit rightly.
 */
export async function load(): Promise<Codec> {
  return decode;
}

const decode: Codec = (encoded, size) => {
  const frame = readJpegFrame(encoded);
  if (frame.marker !== BASELINE && frame.marker !== EXTENDED) {
    throw new CodecError("The JPEG stream is neither baseline nor extended sequential");
  }
  checkJpegFrame(frame, size);
  const { rows, columns, precision } = frame;
  const { start, restartInterval, dc, ac, quantization } = readJpegScan(encoded);
  if (ac === undefined || quantization === undefined) throw new CodecError("The JPEG stream lacks a table");
  const tables = { dc, ac, quantization };
  const blocks = (n: number): number => (n + 7) >> 3;
  const values = new Uint16Array(rows * columns);
  const reader = new BitReader(encoded, start);
  const coefficients = new Float64Array(64);
  const highest = (1 << precision) - 1;
  const middle = 1 << (precision - 1);
  let before = 0;
  let untilRestart = restartInterval;
  for (let by = 0; by < blocks(rows); by++) {
    for (let bx = 0; bx < blocks(columns); bx++) {
      if (restartInterval > 0 && untilRestart-- === 0) {
        reader.restart();
        before = 0;
        untilRestart = restartInterval - 1;
      }
      before = readBlock(reader, tables, before, coefficients);
      inverseDct(coefficients);
      const height = Math.min(8, rows - 8 * by);
      const width = Math.min(8, columns - 8 * bx);
      for (let y = 0; y < height; y++) {
        const to = (8 * by + y) * columns + 8 * bx;
        for (let x = 0; x < width; x++) {
          values[to + x] = Math.min(Math.max(Math.round(coefficients[8 * y + x]! + middle), 0), highest);
        }
      }
    }
  }
  const bytesPerValue = precision <= 8 ? 1 : 2;
  const bytes = bytesPerValue === 1 ? Uint8Array.from(values) : new Uint8Array(values.buffer);
  return { rows, columns, bytes, bytesPerValue, precision, signed: false };
};

/** The tables that blocks of coefficients need. */
interface BlockTables {
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable;
  readonly quantization: Uint16Array;
}

/** Reads the 64 coefficients of one block, dequantised, in their places; returns the new DC. */
function readBlock(
  reader: BitReader,
  { dc, ac, quantization }: BlockTables,
  before: number,
  block: Float64Array,
): number {
  block.fill(0);
  const value = before + reader.signed(reader.symbol(dc));
  block[0] = value * quantization[0]!;
  for (let k = 1; k < 64; k++) {
    const symbol = reader.symbol(ac);
    const size = symbol & 15;
    const zeros = symbol >> 4;
    if (size === 0) {
      if (zeros !== 15) break;
      k += 15;
      continue;
    }
    k += zeros;
    if (k > 63) throw new CodecError("The JPEG stream holds a block of too many coefficients");
    block[ZIGZAG[k]!] = reader.signed(size) * quantization[k]!;
  }
  return value;
}
