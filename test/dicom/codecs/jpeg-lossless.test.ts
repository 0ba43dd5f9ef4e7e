import fc from "fast-check";
import { expect, test } from "vitest";
import { load } from "../../../src/dicom/codecs/jpeg-lossless.ts";
import { encodeJpegLossless } from "../../helpers/encode-jpeg-lossless.ts";
import { seeded } from "../../helpers/random.ts";

const decode = await load();
const SIZES = Array.from({ length: 17 }, (_, size) => size);

/** Noise that is mostly small, as in an image, and sometimes as large as can be. */
function image(seed: number, count: number, precision: number): Uint16Array {
  const random = seeded(seed);
  const highest = 2 ** precision - 1;
  let value = highest >> 1;
  return Uint16Array.from({ length: count }, () => {
    const jump = random() < 0.05;
    value = jump ? Math.floor(random() * (highest + 1)) : value + Math.floor(random() * 16) - 8;
    value = Math.min(Math.max(value, 0), highest);
    return value;
  });
}

test("every predictor, precision, order of codes and restart interval, also amid a row, gives back what was encoded", () => {
  const streams = fc.record({
    rows: fc.integer({ min: 1, max: 12 }),
    columns: fc.integer({ min: 1, max: 23 }),
    precision: fc.integer({ min: 2, max: 16 }),
    selection: fc.integer({ min: 1, max: 7 }),
    restartInterval: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 })),
    sizes: fc.shuffledSubarray(SIZES, { minLength: 17, maxLength: 17 }),
  });
  fc.assert(
    fc.property(streams, fc.nat(), (stream, seed) => {
      const { rows, columns, precision } = stream;
      const values = image(seed, rows * columns, precision);
      const frame = decode(encodeJpegLossless(values, stream), { rows, columns, bitsAllocated: 16 });
      const found = frame.bytesPerValue === 1 ? frame.bytes : new Uint16Array(frame.bytes.buffer);
      expect(Array.from(found)).toEqual(Array.from(values));
    }),
    { numRuns: 500 },
  );
});

test("a difference of 32768 needs no bits of its own", () => {
  const stream = { rows: 1, columns: 3, precision: 16, selection: 1, restartInterval: 0, sizes: SIZES };
  const values = Uint16Array.of(0, 32768, 0);
  const { bytes } = decode(encodeJpegLossless(values, stream), { rows: 1, columns: 3, bitsAllocated: 16 });
  expect(new Uint16Array(bytes.buffer)).toEqual(values);
});

test("a stream that ends too early is refused wherever it is cut, and so are impossible tables", () => {
  const stream = { rows: 8, columns: 16, precision: 12, selection: 1, restartInterval: 0, sizes: SIZES };
  const size = { rows: 8, columns: 16, bitsAllocated: 16 };
  const encoded = encodeJpegLossless(image(1, 128, 12), stream);
  for (let cut = 4; cut < 60; cut++) {
    expect(() => decode(encoded.subarray(0, -cut), size)).toThrow("The JPEG stream ends too early");
  }
  const counts = encoded.indexOf(0xc4) + 4;
  expect(() => decode(encoded.with(counts, 3), size)).toThrow("cut short");
  expect(() =>
    decode(
      encoded
        .with(counts, 3)
        .with(counts + 14, 0)
        .with(counts + 15, 1),
      size,
    ),
  ).toThrow("impossible table");
  expect(() => decode(encoded.with(counts + 16 + 3, 17), size)).toThrow("do not know");
});
