import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { inflateNatively } from "../src/browser/inflate-natively.ts";
import { memorySource } from "../src/byte-source.ts";
import { adler32, crc32 } from "../src/checksums.ts";
import { type CheckedFormat, type Inflate, inflateHere, type Unpack, unpackHere } from "../src/inflate.ts";
import { inflateAside, unpackAside } from "../src/node/inflate-aside.ts";
import { seeded } from "./helpers/random.ts";

/** Bytes like those of an image: noise in the low byte of each value, little in the high one. */
function imageBytes(length: number): Uint8Array {
  const random = seeded(5);
  return Uint8Array.from({ length }, (_, i) => (i % 2 === 0 ? random() * 40 : 4));
}

describe("checksums", () => {
  test("CRC-32 and Adler-32 of the check string of their standards", () => {
    const digits = new TextEncoder().encode("123456789");
    expect(crc32(digits)).toBe(0xcbf43926);
    expect(adler32(new TextEncoder().encode("Wikipedia"))).toBe(0x11e60398);
    expect([crc32(new Uint8Array(0)), adler32(new Uint8Array(0))]).toEqual([0, 1]);
  });

  test("bytes at any offset, in one piece or in several, give zlib's own", () => {
    const all = imageBytes(20_011);
    // The last four bytes of a zlib stream are its Adler-32.
    const adlerOf = (bytes: Uint8Array) => deflateSync(bytes).readUInt32BE(deflateSync(bytes).length - 4);
    const crcOf = (bytes: Uint8Array) => gzipSync(bytes).readUInt32LE(gzipSync(bytes).length - 8);
    for (const from of [0, 1, 2, 3, 7]) {
      for (const length of [0, 1, 8, 15, 4096, 20_000]) {
        const bytes = all.subarray(from, from + length);
        expect(crc32(bytes)).toBe(crcOf(bytes));
        expect(adler32(bytes)).toBe(adlerOf(bytes));
        const cut = length >> 1;
        expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(crcOf(bytes));
        expect(adler32(bytes.subarray(cut), adler32(bytes.subarray(0, cut)))).toBe(adlerOf(bytes));
      }
    }
    expect(adler32(new Uint8Array(1e6).fill(255))).toBe(adlerOf(new Uint8Array(1e6).fill(255)));
  });
});

describe.each<[string, Inflate]>([
  ["this thread", inflateHere],
  ["Node", inflateAside],
  ["a browser", inflateNatively],
])("a raw stream inflated by %s", (_, inflate) => {
  const bytes = imageBytes(300_000);
  const packed = deflateRawSync(bytes);
  const sum = crc32(bytes);

  test("gives its bytes when length and CRC-32 are right", async () => {
    expect(Buffer.from(await inflate(packed, bytes.length, sum)).equals(bytes)).toBe(true);
  });

  test.each([
    ["another CRC-32", packed, bytes.length, sum ^ 1],
    ["more bytes than stated", packed, bytes.length - 1, sum],
    ["fewer bytes than stated", packed, bytes.length + 1, sum],
    ["an end that is cut off", packed.subarray(0, -100), bytes.length, sum],
  ])("is refused with %s", async (_, stream, length, crc) => {
    await expect((async () => inflate(stream, length, crc))()).rejects.toThrow();
  });
});

describe.each<[string, Unpack]>([
  ["this thread", unpackHere],
  ["Node", unpackAside],
])("a file unpacked by %s", (_, unpack) => {
  const bytes = imageBytes(3_000_000);
  const pack = { gzip: gzipSync, zlib: deflateSync };
  const read = async (format: CheckedFormat, file: Uint8Array, from = 0) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of unpack(format, memorySource("a", file), from)) pieces.push(piece);
    return Buffer.concat(pieces);
  };

  test.each(["gzip", "zlib"] as const)("gives the bytes of %s, wherever it begins", async (format) => {
    const file = pack[format](bytes);
    expect((await read(format, file)).equals(bytes)).toBe(true);
    expect((await read(format, Buffer.concat([Buffer.alloc(37), file]), 37)).equals(bytes)).toBe(true);
    expect((await read(format, pack[format](""))).length).toBe(0);
  });

  test("gives the bytes of a gzip file of several members", async () => {
    const parts = [bytes.subarray(0, 100), bytes.subarray(100, 70_000), bytes.subarray(70_000)];
    const file = Buffer.concat(parts.map((part) => gzipSync(part)));
    expect((await read("gzip", file)).equals(bytes)).toBe(true);
    const second = gzipSync(parts[0]!).length;
    for (const at of [second - 6, second - 2, file.length - 7, file.length - 1]) {
      const damaged = Buffer.from(file);
      damaged[at]! ^= 1;
      await expect(read("gzip", damaged)).rejects.toThrow();
    }
  });

  test.each(["gzip", "zlib"] as const)("refuses %s with a flipped bit, wherever it is", async (format) => {
    const file = pack[format](bytes.subarray(0, 40_000));
    for (let at = 0; at < file.length; at += 97) {
      // Time, system and other flags of a gzip header say nothing about the bytes.
      if (format === "gzip" && at > 2 && at < 10) continue;
      const damaged = Buffer.from(file);
      damaged[at]! ^= 1 << (at % 8);
      await expect(read(format, damaged), `bit ${at % 8} of byte ${at}`).rejects.toThrow();
    }
  });

  test.each(["gzip", "zlib"] as const)("refuses %s that is cut short or followed by something", async (format) => {
    const file = pack[format](bytes.subarray(0, 40_000));
    for (const end of [1, 4, 9, 1000]) await expect(read(format, file.subarray(0, -end))).rejects.toThrow();
    await expect(read(format, Buffer.concat([file, Buffer.from("more")]))).rejects.toThrow();
  });

  test.each([1, 2, 3, 4, 11, 20_000])(
    "takes %i zeros behind a gzip file for padding, and nothing else",
    async (zeros) => {
      for (const content of [bytes.subarray(0, 40_000), bytes.subarray(0, 0)]) {
        const file = gzipSync(content);
        const padded = Buffer.concat([file, Buffer.alloc(zeros)]);
        expect((await read("gzip", padded)).equals(content)).toBe(true);
        await expect(read("gzip", Buffer.concat([padded, Buffer.from([1])]))).rejects.toThrow();
        await expect(read("gzip", Buffer.concat([padded, file]))).rejects.toThrow();
        const damaged = Buffer.from(padded);
        damaged[file.length - 8]! ^= 1;
        // Of an empty member, whose trailer is all zeros, nobody misses anything.
        if (content.length > 0) await expect(read("gzip", damaged)).rejects.toThrow();
      }
      await expect(read("zlib", Buffer.concat([deflateSync(bytes), Buffer.alloc(zeros)]))).rejects.toThrow();
    },
  );
});
