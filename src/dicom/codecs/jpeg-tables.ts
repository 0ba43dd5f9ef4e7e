import { CodecError } from "./codec.ts";
import { type HuffmanTable, huffmanTable } from "./huffman.ts";

/** The tables of a JPEG stream's one scan, and where its bits begin. */
export interface JpegScan {
  /** Offset of the first entropy-coded byte. */
  readonly start: number;
  /** Units between restart markers; 0 when there are none. */
  readonly restartInterval: number;
  /** Tables of the DC coefficients, or of the differences of a lossless scan. */
  readonly dc: HuffmanTable;
  /** Absent in a lossless scan. */
  readonly ac: HuffmanTable | undefined;
  /** Steps of the coefficients in the order of the stream; absent in a lossless scan. */
  readonly quantization: Uint16Array | undefined;
  /** Ss: the predictor of a lossless scan. */
  readonly selection: number;
  /** Al: how many low bits a lossless scan leaves out. */
  readonly pointTransform: number;
}

/** Collects the tables of a stream of one component and one scan (ITU-T T.81, annex B). */
export function readJpegScan(bytes: Uint8Array): JpegScan {
  const quantization: Uint16Array[] = [];
  const huffman: HuffmanTable[] = [];
  let restartInterval = 0;
  let table = 0;
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const end = at + 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
    const body = bytes.subarray(at + 4, end);
    if (marker === 0xdb) readQuantization(body, quantization);
    else if (marker === 0xc4) readHuffman(body, huffman);
    else if (marker === 0xdd) restartInterval = (body[0]! << 8) | body[1]!;
    else if (marker >= 0xc0 && marker <= 0xc3) table = body[8]!;
    else if (marker === 0xda) {
      const dc = huffman[body[2]! >> 4];
      if (dc === undefined) break;
      return {
        start: end,
        restartInterval,
        dc,
        ac: huffman[16 + (body[2]! & 15)],
        quantization: quantization[table],
        selection: body[3]!,
        pointTransform: body[5]! & 15,
      };
    }
    at = end;
  }
  throw new CodecError("The JPEG stream lacks a table or its scan");
}

function readQuantization(body: Uint8Array, tables: Uint16Array[]): void {
  for (let at = 0; at < body.length; ) {
    const wide = body[at]! >> 4 === 1;
    const table = new Uint16Array(64);
    for (let k = 0; k < 64; k++) {
      table[k] = wide ? (body[at + 1 + 2 * k]! << 8) | body[at + 2 + 2 * k]! : body[at + 1 + k]!;
    }
    tables[body[at]! & 15] = table;
    at += wide ? 129 : 65;
  }
}

/** DC tables come at 0 to 15, AC tables at 16 to 31. */
function readHuffman(body: Uint8Array, tables: HuffmanTable[]): void {
  for (let at = 0; at + 17 <= body.length; ) {
    const counts = body.subarray(at + 1, at + 17);
    const size = counts.reduce((sum, n) => sum + n, 0);
    tables[body[at]! & 31] = huffmanTable(counts, body.subarray(at + 17, at + 17 + size));
    at += 17 + size;
  }
}
