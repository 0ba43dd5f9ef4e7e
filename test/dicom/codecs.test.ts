import factory from "@cornerstonejs/codec-openjph/wasmjs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type ByteSource, memorySource } from "../../src/byte-source.ts";
import { load as loadHtj2k } from "../../src/dicom/codecs/htj2k.ts";
import { load as loadRle } from "../../src/dicom/codecs/rle.ts";
import { readScan } from "../../src/dicom/read-scan.ts";
import { PleuraError } from "../../src/errors.ts";
import { goldenSeries } from "../helpers/dicom.ts";

const LOSSLESS = [
  "rle",
  "rle-8",
  "jpeg-lossless",
  ...[1, 2, 3, 4, 5, 6, 7].map((predictor) => `jpeg-lossless-${predictor}`),
  "jpeg-ls",
  "jpeg-ls-12",
  "jpeg-2000",
  "jpeg-2000-8",
];

test.each(LOSSLESS)("%s reads to what was compressed", async (name) => {
  const { sources, array } = goldenSeries(name);
  const scan = await readScan(sources);
  expect(scan.shape).toEqual([...array("hu").shape]);
  expect(scan.voxels).toEqual(array("hu").data);
  expect(scan.findings).toEqual([]);
});

// Decoders may round the transform either way; one stored value is up to 9 HU.
test.each([
  ["jpeg-ls-near", 0],
  ["jpeg-baseline", 9],
  ["jpeg-extended-12", 1],
] as const)("%s reads to what dcmtk decodes, within %i HU", async (name, tolerance) => {
  const { sources, array } = goldenSeries(name);
  const scan = await readScan(sources);
  const want = array("hu").data as Int16Array;
  const off = scan.voxels.map((v, i) => Math.abs(v - want[i]!));
  expect(Math.max(...off)).toBeLessThanOrEqual(tolerance);
  expect(off.filter((v) => v > 0).length).toBeLessThan(off.length / 10);
  expect(scan.findings.map(({ code }) => code)).toContain("lossy-compression");
});

test("HTJ2K gives back what its encoder was given", async () => {
  const [rows, columns] = [24, 40];
  const values = Int16Array.from({ length: rows * columns }, (_, i) => ((i * 7919) % 4000) - 1000);
  const { HTJ2KEncoder } = (await factory({ print() {}, printErr() {} })) as unknown as {
    HTJ2KEncoder: new () => Encoder;
  };
  const encoder = new HTJ2KEncoder();
  const info = {
    width: columns,
    height: rows,
    bitsPerSample: 16,
    componentCount: 1,
    isSigned: true,
    isUsingColorTransform: false,
  };
  encoder.getDecodedBuffer(info).set(new Uint8Array(values.buffer));
  encoder.setQuality(true, 0);
  encoder.encode();
  const encoded = encoder.getEncodedBuffer().slice();
  const codec = await loadHtj2k();
  const frame = codec(encoded, { rows, columns, bitsAllocated: 16 });
  expect(frame).toMatchObject({ rows, columns, bytesPerValue: 2, signed: true });
  expect(new Int16Array(frame.bytes.slice().buffer)).toEqual(values);
  expect(() => codec(encoded, { rows, columns: columns + 1, bitsAllocated: 16 })).toThrow("24 × 40 × 1");
});

interface Encoder {
  getDecodedBuffer(info: object): Uint8Array;
  setQuality(reversible: boolean, quality: number): void;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
}

test("run lengths with every kind of run, and none that run over", async () => {
  const rle = await loadRle();
  const header = [1, 0, 0, 0, 64, ...Array<number>(59).fill(0)];
  const size = { rows: 2, columns: 4, bitsAllocated: 8 };
  const decode = (...packed: number[]) => [...rle(Uint8Array.from([...header, ...packed]), size).bytes];
  expect(decode(1, 5, 6, 128, 0xfe, 9, 2, 1, 2, 3)).toEqual([5, 6, 9, 9, 9, 1, 2, 3]);
  expect(decode(0xf9, 7)).toEqual(Array(8).fill(7));
  // One byte more evens out an odd number, and zeros fill up the segment.
  expect(decode(0xf8, 7, 0, 0, 0, 0)).toEqual(Array(8).fill(7));
  for (const more of [
    [0x81, 7],
    [0xf9, 7, 0xfe, 9, 5],
    [1, 5, 6, 9, ...Array<number>(10).fill(4)],
  ]) {
    expect(() => decode(...more)).toThrow("more than the header has pixels for");
  }
  expect(() => decode(1, 5, 6)).toThrow("ends too early");
  expect(() => rle(Uint8Array.from(header), { ...size, bitsAllocated: 16 })).toThrow(
    "1 run length segments instead of 2",
  );
});

/** A series of which one file's bytes were changed. */
function damaged(name: string, change: (bytes: Uint8Array) => Uint8Array): ByteSource[] {
  const { sources } = goldenSeries(name);
  const bytes = new Uint8Array(sources[0]!.size);
  sources[0]!.read(0, bytes);
  return [memorySource("damaged.dcm", change(bytes)), ...sources.slice(1)];
}

test.each([...LOSSLESS, "jpeg-baseline", "jpeg-extended-12"])(
  "%s cut short is an error that names the file",
  async (name) => {
    for (const cut of [30, 200]) {
      const error = await readScan(damaged(name, (bytes) => bytes.subarray(0, -cut))).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: "truncated", file: "damaged.dcm" });
    }
  },
);

test("changed bytes end in a volume or in a typed error, never in anything else", async () => {
  const names = fc.constantFrom(
    "rle",
    "jpeg-lossless",
    "jpeg-ls",
    "jpeg-2000",
    "jpeg-baseline",
    "jpeg-extended-12",
    "deflated",
  );
  const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(names, flips, async (name, changes) => {
      const sources = damaged(name, (bytes) => {
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        return bytes;
      });
      const result = await readScan(sources).catch((e: unknown) => e);
      if (result instanceof Error && !(result instanceof PleuraError)) throw result;
    }),
    { numRuns: 300 },
  );
});
