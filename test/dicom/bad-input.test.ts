import { readdirSync } from "node:fs";
import fc from "fast-check";
import { deflateSync } from "fflate";
import { expect, test } from "vitest";
import { type ByteSource, memorySource } from "../../src/byte-source.ts";
import { readScan } from "../../src/dicom/read-scan.ts";
import { PleuraError } from "../../src/errors.ts";
import { dicomFile, dicomSeries, goldenSeries } from "../helpers/dicom.ts";

const RLE = "1.2.840.10008.1.2.5";

test("headers that ask for 60 GB are refused before memory is taken", async () => {
  const huge = { Rows: 65535, Columns: 65535, PixelData: new Uint8Array(64) };
  const plain = dicomSeries(7, () => huge);
  await expect(readScan(plain)).rejects.toMatchObject({ code: "truncated", limit: /^8589672450 bytes/ });
  const packed = plain.map(({ name }, k) =>
    memorySource(name, dicomFile({ ...huge, ImagePositionPatient: [0, 0, k] }, RLE)),
  );
  await expect(readScan(packed)).rejects.toMatchObject({ code: "too-large", measured: /56.00 GiB$/ });
});

test("sequences without an end are no image, however deep they nest", async () => {
  const head = dicomFile({ PixelData: null }).subarray(0, 200);
  // A sequence of undefined length (0008,1140) and in it an item of undefined length.
  const level = [0x08, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 255, 255, 255, 255, 0xfe, 0xff, 0, 0xe0, 255, 255, 255, 255];
  const bytes = new Uint8Array(head.length + 100_000 * level.length);
  bytes.set(head);
  for (let at = head.length; at < bytes.length; at += level.length) bytes.set(level, at);
  await expect(readScan([memorySource("endless.dcm", bytes)])).rejects.toMatchObject({ code: "no-image" });
});

test("of an archive's file that unpacks to a terabyte only the beginning is unpacked", async () => {
  let read = 0;
  const bomb = terabyteArchive((bytes) => {
    read += bytes;
  });
  await expect(readScan([bomb])).rejects.toMatchObject({ code: "no-dicom" });
  expect(read).toBeLessThan(1_000_000);
});

test("a reading that fails has ended when it says so: nothing more is written to its memory", async () => {
  let underWay = 0;
  const slowly = (source: ByteSource): ByteSource => ({
    ...source,
    async read(offset, target) {
      underWay++;
      await new Promise((resolve) => setTimeout(resolve, 20));
      underWay--;
      return source.read(offset, target);
    },
  });
  const gone = (source: ByteSource): ByteSource => ({
    ...source,
    // The header can be read, the pixels cannot.
    read: (offset, target) => (offset === 0 ? source.read(offset, target) : Promise.reject(new Error("gone"))),
  });
  const [first, ...others] = dicomSeries(5);
  await expect(readScan([gone(first!), ...others.map(slowly)])).rejects.toThrow("gone");
  expect(underWay).toBe(0);
});

/** Goldens of every transfer syntax, and where bytes of one file are changed or cut off. */
const goldens = readdirSync(new URL("../goldens/dicom", import.meta.url))
  .filter((name) => name.endsWith(".npz"))
  .map((name) => goldenSeries(name.slice(0, -4)).sources);
const damages = fc.record({
  series: fc.nat(goldens.length - 1),
  file: fc.nat(),
  bytes: fc.array(fc.tuple(fc.nat(), fc.oneof(fc.constant(0), fc.constant(255), fc.nat(255))), { maxLength: 10 }),
  inHeader: fc.boolean(),
  cut: fc.option(fc.nat(), { freq: 8 }),
});

test("a damaged file ends in a volume or in a typed error", async () => {
  await fc.assert(
    fc.asyncProperty(damages, async ({ series, file, bytes, inHeader, cut }) => {
      const sources = [...goldens[series]!];
      const victim = file % sources.length;
      const data = new Uint8Array(sources[victim]!.size);
      await sources[victim]!.read(0, data);
      const reach = inHeader ? Math.min(2000, data.length) : data.length;
      for (const [at, value] of bytes) data[at % reach] = value;
      sources[victim] = memorySource("damaged", cut === null ? data : data.subarray(0, cut % data.length));
      const ending = await readScan(sources).catch((error: unknown) => error);
      if (ending instanceof Error) expect(ending).toBeInstanceOf(PleuraError);
    }),
    { numRuns: 500 },
  );
});

/** A large zip (APPNOTE 6.3, with 64-bit sizes) of one deflated file; its bytes are made when they are read. */
function terabyteArchive(onRead: (bytes: number) => void): ByteSource {
  const name = new TextEncoder().encode("bomb.dcm");
  const packedSize = 2 ** 31;
  const local = new DataView(new ArrayBuffer(30));
  local.setUint16(26, name.length, true);
  const packed = deflateSync(new Uint8Array(2 ** 20));
  const directoryAt = local.byteLength + name.length + packedSize;

  const entry = new DataView(new ArrayBuffer(46 + name.length + 20));
  entry.setUint32(0, 0x02014b50, true);
  entry.setUint16(10, 8, true);
  entry.setUint32(20, packedSize, true);
  entry.setUint32(24, 0xffffffff, true);
  entry.setUint16(28, name.length, true);
  entry.setUint16(30, 20, true);
  new Uint8Array(entry.buffer).set(name, 46);
  const extra = 46 + name.length;
  entry.setUint16(extra, 1, true);
  entry.setUint16(extra + 2, 16, true);
  entry.setBigUint64(extra + 4, BigInt(1e12), true);

  const end = new DataView(new ArrayBuffer(56 + 20 + 22));
  end.setUint32(0, 0x06064b50, true);
  end.setBigUint64(32, 1n, true);
  end.setBigUint64(40, BigInt(entry.byteLength), true);
  end.setBigUint64(48, BigInt(directoryAt), true);
  end.setUint32(56, 0x07064b50, true);
  end.setBigUint64(56 + 8, BigInt(directoryAt + entry.byteLength), true);
  end.setUint32(76, 0x06054b50, true);

  const parts: [at: number, bytes: Uint8Array][] = [
    [0, new Uint8Array(local.buffer)],
    [30, name],
    [30 + name.length, packed],
    [directoryAt, new Uint8Array(entry.buffer)],
    [directoryAt + entry.byteLength, new Uint8Array(end.buffer)],
  ];
  return {
    name: "bomb.zip",
    size: directoryAt + entry.byteLength + end.byteLength,
    read(offset, target) {
      onRead(target.length);
      target.fill(0);
      for (const [at, bytes] of parts) {
        const from = Math.max(at, offset);
        const to = Math.min(at + bytes.length, offset + target.length);
        if (from < to) target.set(bytes.subarray(from - at, to - at), from - offset);
      }
      return target.length;
    },
  };
}
