import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { gzipReader } from "../../src/archives/gzip.ts";
import { memorySource } from "../../src/byte-source.ts";
import { readScan } from "../../src/dicom/read-scan.ts";
import { inflateHere } from "../../src/inflate.ts";
import { dicomFile } from "../helpers/dicom.ts";

const CONTENT = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 5);

/** A gzip file with all that its header can hold. */
function withFields(packed: Uint8Array): Uint8Array {
  const fields = [...[3, 0, 7, 7, 7], ...Buffer.from("name\0"), ...Buffer.from("comment\0"), 9, 9];
  const file = [...packed.subarray(0, 10), ...fields, ...packed.subarray(10)];
  file[3] = 2 + 4 + 8 + 16;
  return Uint8Array.from(file);
}

const open = (bytes: Uint8Array) => gzipReader(inflateHere)(memorySource("a.dcm.gz", bytes));

describe("a gzipped file", () => {
  const packed = new Uint8Array(gzipSync(CONTENT));

  test.each([
    ["plain", packed],
    ["with every field of the header", withFields(packed)],
  ])("%s: is read in part and whole", async (_, bytes) => {
    const source = await open(bytes);
    expect(source.size).toBe(CONTENT.length);
    const part = new Uint8Array(1000);
    expect(await source.read(500, part)).toBe(1000);
    expect(part).toEqual(CONTENT.subarray(500, 1500));
    const whole = new Uint8Array(CONTENT.length + 10);
    expect(await source.read(0, whole)).toBe(CONTENT.length);
    expect(whole.subarray(0, CONTENT.length)).toEqual(CONTENT);
    expect(await source.read(CONTENT.length, part)).toBe(0);
  });

  const readAll = async (bytes: Uint8Array) => {
    const source = await open(bytes);
    return source.read(0, new Uint8Array(source.size));
  };
  const changed = (at: number, by: number) => {
    const bytes = Uint8Array.from(packed);
    bytes[at < 0 ? bytes.length + at : at]! ^= by;
    return bytes;
  };

  test("is refused when its checksum does not match", async () => {
    await expect(readAll(changed(-8, 1))).rejects.toMatchObject({ code: "checksum-mismatch", file: "a.dcm.gz" });
  });

  test.each([
    ["it is cut short", packed.subarray(0, 200)],
    ["it is hardly there", packed.subarray(0, 12)],
    ["it is none", changed(0, 1)],
    ["it promises too much", changed(-1, 0x70)],
    ["another length is stated", changed(-4, 1)],
  ])("is refused when %s", async (_, bytes) => {
    await expect(readAll(bytes)).rejects.toMatchObject({ code: expect.stringMatching(/truncated|checksum/) });
  });
});

describe("what lies around the gzip file of a slice", () => {
  const content = CONTENT.subarray(0, 120_000);
  const packed = gzipSync(content);
  const members = Buffer.concat([gzipSync(content.subarray(0, 70_000)), gzipSync(content.subarray(70_000))]);
  const forged = (size: number) => {
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(size, 4);
    return trailer;
  };
  /** As a reader does: first the header, then the pixels, which end before the file's end is stated to be. */
  const readPixels = async (bytes: Uint8Array) => {
    const source = await open(bytes);
    await source.read(0, new Uint8Array(8192));
    const pixels = new Uint8Array(content.length - 8192);
    return (await source.read(8192, pixels)) === pixels.length && Buffer.from(pixels).equals(content.subarray(8192));
  };

  test.each([
    ["zeros", Buffer.concat([packed, Buffer.alloc(512)])],
    ["one zero", Buffer.concat([packed, Buffer.alloc(1)])],
    ["another member and zeros", Buffer.concat([members, Buffer.alloc(4)])],
    ["an empty member, as bgzip writes", Buffer.concat([packed, gzipSync("")])],
  ])("%s: is read, and checked", async (_, bytes) => {
    expect(await readPixels(bytes)).toBe(true);
    const damaged = Uint8Array.from(bytes);
    damaged[packed.length >> 1]! ^= 1;
    await expect(readPixels(damaged)).rejects.toMatchObject({ file: "a.dcm.gz" });
  });

  test.each([
    ["another member, which hides the length", members],
    ["text", Buffer.concat([packed, Buffer.from("more")])],
    ["a size that could be right", Buffer.concat([packed, forged(content.length + 5000)])],
    ["a size beyond it", Buffer.concat([packed, forged(2 ** 31)])],
  ])("%s: is refused", async (_, bytes) => {
    await expect(readPixels(bytes)).rejects.toMatchObject({ code: "truncated", file: "a.dcm.gz" });
  });
});

test("a gzipped slice is read by its content when it has another name", async () => {
  const slices = [0, 2, 4].map((z) =>
    gzipSync(dicomFile({ ImagePositionPatient: [0, 0, z], InstanceNumber: z / 2 + 1 })),
  );
  const names = ["a.dcm.gz", "b.dcm.gz", "c.txt"];
  const others = [
    memorySource("notes.txt", gzipSync("none")),
    memorySource("cut.txt", gzipSync("none").subarray(0, 12)),
  ];
  const scan = await readScan([...slices.map((bytes, i) => memorySource(names[i]!, bytes)), ...others]);
  expect(scan.shape[0]).toBe(3);
  expect(scan.findings).toEqual([]);
  expect(scan.source.skipped).toEqual([
    { file: "notes.txt", reason: "not DICOM" },
    { file: "cut.txt", reason: "not DICOM" },
  ]);
});
