import { type Codec, CodecError } from "./codec.ts";
import { BitReader } from "./huffman.ts";
import { checkJpegFrame, readJpegFrame } from "./jpeg-markers.ts";
import { readJpegScan } from "./jpeg-tables.ts";

const LOSSLESS = 0xc3;

/**
 * Lossless JPEG, 2 to 16 bit, one component, all seven predictors (ITU-T T.81, annex H). It is
 * pleura's own because the decoder at hand loses the last pixel of some streams.
 */
export async function load(): Promise<Codec> {
  return decode;
}

const decode: Codec = (encoded, size) => {
  const frame = readJpegFrame(encoded);
  if (frame.marker !== LOSSLESS) throw new CodecError("The JPEG stream is not lossless");
  checkJpegFrame(frame, size);
  const { rows, columns, precision } = frame;
  const { start, restartInterval, dc, selection, pointTransform } = readJpegScan(encoded);
  if (selection < 1 || selection > 7) throw new CodecError(`The JPEG stream has no predictor ${selection}`);
  const values = new Uint16Array(rows * columns);
  const reader = new BitReader(encoded, start);
  const first = 1 << (precision - pointTransform - 1);
  let untilRestart = restartInterval;
  // The row in which decoding began afresh is predicted along itself, as the first row is.
  let freshRow = 0;
  for (let y = 0, i = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, i++) {
      let fresh = i === 0;
      if (restartInterval > 0 && untilRestart-- === 0) {
        reader.restart();
        untilRestart = restartInterval - 1;
        freshRow = y;
        fresh = true;
      }
      const guess = fresh
        ? first
        : y === freshRow
          ? values[i - 1]!
          : x === 0
            ? values[i - columns]!
            : predict(selection, values[i - 1]!, values[i - columns]!, values[i - columns - 1]!);
      const bits = reader.symbol(dc);
      values[i] = guess + (bits === 16 ? 32768 : reader.signed(bits));
    }
  }
  if (pointTransform > 0) for (let i = 0; i < values.length; i++) values[i]! <<= pointTransform;
  const bytesPerValue = precision <= 8 ? 1 : 2;
  const bytes = bytesPerValue === 1 ? Uint8Array.from(values) : new Uint8Array(values.buffer);
  return { rows, columns, bytes, bytesPerValue, precision, signed: false };
};

/** What a value is expected to be from its neighbours (table H.1). */
function predict(selection: number, left: number, up: number, upLeft: number): number {
  switch (selection) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return upLeft;
    case 4:
      return left + up - upLeft;
    case 5:
      return left + ((up - upLeft) >> 1);
    case 6:
      return up + ((left - upLeft) >> 1);
    default:
      return (left + up) >> 1;
  }
}
