import { BitReader } from "./bit-reader.ts";
import { type Codec, CodecError } from "./codec.ts";
import { differenceTable } from "./difference-table.ts";
import { checkJpegFrame, readJpegFrame } from "./jpeg-markers.ts";
import { readJpegScan } from "./jpeg-tables.ts";

const LOSSLESS = 0xc3;
/** The predictor that nearly all streams have: a value is what its left neighbour is. */
const LEFT = 1;

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
  const quick = differenceTable(dc);
  const first = 1 << (precision - pointTransform - 1);
  const stretch = restartInterval === 0 ? values.length : restartInterval;
  for (let from = 0; from < values.length; from += stretch) {
    if (from > 0) reader.restart();
    const end = Math.min(from + stretch, values.length);
    // The row in which decoding begins afresh is predicted along itself, whatever the predictor.
    let next = Math.min(end, (Math.floor(from / columns) + 1) * columns);
    reader.differences(dc, quick, values, from, next, first, true);
    for (let at = next; at < end; at = next) {
      next = Math.min(end, at + columns);
      const before = values[at - columns]!;
      if (selection === LEFT) {
        reader.differences(dc, quick, values, at, next, before, true);
      } else {
        reader.differences(dc, quick, values, at, next, 0, false);
        values[at]! += before;
        addPredictions(values, at + 1, next, columns, selection);
      }
    }
  }
  if (pointTransform > 0) for (let i = 0; i < values.length; i++) values[i]! <<= pointTransform;
  const bytesPerValue = precision <= 8 ? 1 : 2;
  const bytes = bytesPerValue === 1 ? Uint8Array.from(values) : new Uint8Array(values.buffer);
  return { rows, columns, bytes, bytesPerValue, precision, signed: false };
};

/** Makes values of the differences of one row, whose first value is known (table H.1). */
function addPredictions(values: Uint16Array, from: number, to: number, columns: number, selection: number): void {
  let left = values[from - 1]!;
  let upLeft = values[from - columns - 1]!;
  for (let i = from; i < to; i++) {
    const up = values[i - columns]!;
    values[i]! += predict(selection, left, up, upLeft);
    left = values[i]!;
    upLeft = up;
  }
}

/** What a value is expected to be from its neighbours. */
function predict(selection: number, left: number, up: number, upLeft: number): number {
  switch (selection) {
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
