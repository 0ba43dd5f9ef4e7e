import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crc32OfRuns } from "../../src/formats/crc32-runs.ts";
import { gzipRuns } from "../../src/formats/gzip-runs.ts";
import { codeLengths } from "../../src/formats/huffman.ts";
import { RunList } from "../../src/formats/run-list.ts";

function fromPairs(pairs: readonly (readonly [number, number])[]): { runs: RunList; bytes: Buffer } {
  const runs = new RunList();
  for (const [value, length] of pairs) runs.push(value, length);
  return { runs, bytes: Buffer.concat(pairs.map(([value, length]) => Buffer.alloc(length, value))) };
}

const check = (pairs: readonly (readonly [number, number])[]) => {
  const { runs, bytes } = fromPairs(pairs);
  expect(runs.total).toBe(bytes.length);
  expect(Buffer.compare(gunzipSync(gzipRuns(runs)), bytes)).toBe(0);
};

describe("gzipRuns", () => {
  test("every length of a run, up to well over the longest repetition", () => {
    check(Array.from({ length: 1100 }, (_, n) => [n & 1, n] as const));
  });

  test.each([0, 1, 255])("a single long run of %i", (value) => check([[value, 5_000_003]]));

  test("nothing", () => check([]));

  test("every byte value", () => check(Array.from({ length: 256 }, (_, v) => [v, 1 + (v % 5)] as const)));

  test("random runs", () => {
    const run = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.oneof(fc.nat(6), fc.nat(3000)));
    fc.assert(fc.property(fc.array(run, { maxLength: 60 }), check));
  });
});

describe("crc32OfRuns", () => {
  test("the check value of the standard", () => {
    const runs = new RunList();
    runs.pushBytes(new TextEncoder().encode("123456789"));
    expect(crc32OfRuns(runs)).toBe(0xcbf43926);
  });

  test("equals the plain way, bit by bit", () => {
    const { runs, bytes } = fromPairs([
      [7, 1],
      [0, 100_001],
      [255, 65536],
      [1, 3],
    ]);
    let state = 0xffffffff;
    for (const byte of bytes) {
      state ^= byte;
      for (let bit = 0; bit < 8; bit++) state = (state >>> 1) ^ (state & 1 ? 0xedb88320 : 0);
    }
    expect(crc32OfRuns(runs)).toBe(~state >>> 0);
  });
});

describe("codeLengths", () => {
  const kraft = (lengths: Uint8Array) => lengths.reduce((sum, n) => sum + (n === 0 ? 0 : 2 ** -n), 0);

  test("keeps to the limit where the best code would not", () => {
    const fibonacci = [1, 1];
    while (fibonacci.length < 30) fibonacci.push(fibonacci.at(-1)! + fibonacci.at(-2)!);
    const lengths = codeLengths(fibonacci, 15);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(15);
    expect(kraft(lengths)).toBe(1);
  });

  test("is complete for any frequencies", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { minLength: 2, maxLength: 286 }), (weights) => {
        fc.pre(weights.filter((w) => w > 0).length > 1);
        const lengths = codeLengths(weights, 15);
        expect(kraft(lengths)).toBe(1);
        expect(Array.from(lengths, (n) => n > 0)).toEqual(weights.map((w) => w > 0));
      }),
    );
  });

  test("is optimal on a known example", () => {
    expect([...codeLengths([5, 9, 12, 13, 16, 45, 0], 15)]).toEqual([4, 4, 3, 3, 3, 1, 0]);
  });
});
