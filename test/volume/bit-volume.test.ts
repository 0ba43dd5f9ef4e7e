import { describe, expect, test } from "vitest";
import { BitVolume, popcount } from "../../src/volume/bit-volume.ts";
import { expectMask } from "../helpers/expect-mask.ts";
import { MASKS } from "../helpers/masks.ts";
import { derive } from "../helpers/plain.ts";
import { testBothWays } from "../helpers/ways.ts";

describe("every kind of mask", () => {
  test("comes back from bits as it was, with any value", () => {
    for (const { name, plain, mask } of MASKS) {
      expect(mask.toBytes(), name).toEqual(plain.bytes);
      expect(mask.toBytes(255), name).toEqual(plain.bytes.map((b) => b * 255));
    }
  });

  testBothWays("is counted", () => {
    for (const { name, plain, mask } of MASKS) {
      expect(mask.count(), name).toBe(plain.bytes.reduce((n, b) => n + b, 0));
    }
  });

  test("is read and written voxel by voxel, the padding left 0", () => {
    for (const { name, plain, mask } of MASKS) {
      const complement = new BitVolume(plain.shape);
      const read = derive(plain, (z, y, x) => {
        complement.set(z, y, x);
        complement.set(z, y, x, !mask.get(z, y, x));
        return mask.get(z, y, x);
      });
      expect(read.bytes, name).toEqual(plain.bytes);
      expectMask(
        complement,
        derive(plain, (_z, _y, _x, i) => plain.bytes[i] === 0),
        name,
      );
    }
  });

  testBothWays("is united with another, both left as they were", () => {
    for (const { name, plain, mask } of MASKS) {
      const other = derive(plain, (z, y, x) => (z + 2 * y + x) % 3 === 0);
      const stripes = BitVolume.fromBytes(plain.shape, other.bytes);
      const both = derive(plain, (_z, _y, _x, i) => plain.bytes[i] === 1 || other.bytes[i] === 1);
      expectMask(mask.union(stripes), both, name);
      expectMask(mask, plain, name);
      expectMask(stripes, other, name);
    }
  });

  test("is cloned into storage of its own", () => {
    for (const { name, plain, mask } of MASKS) {
      const clone = mask.clone();
      expect(clone.equals(mask)).toBe(true);
      clone.set(0, 0, 0, !clone.get(0, 0, 0));
      expect(clone.equals(mask)).toBe(false);
      expectMask(mask, plain, name);
    }
  });
});

test("anything but 0 is true", () => {
  expect([...BitVolume.fromBytes([1, 1, 5], [0, 1, -3, 255, 0.5]).toBytes()]).toEqual([0, 1, 1, 1, 1]);
});

test("masks of other shapes are not equal, even if their words are", () => {
  expect(new BitVolume([1, 2, 3]).equals(new BitVolume([2, 1, 3]))).toBe(false);
  expect(new BitVolume([1, 1, 31]).equals(new BitVolume([1, 1, 32]))).toBe(false);
});

test("adopts words, and refuses storage of another size", () => {
  const words = Uint32Array.of(0b1011, 1);
  const mask = new BitVolume([1, 1, 33], words);
  expect(mask.words).toBe(words);
  expect([0, 1, 2, 3, 32].map((x) => mask.get(0, 0, x))).toEqual([true, true, false, true, true]);
  expect(() => new BitVolume([1, 1, 32], words)).toThrow(/Expected 1 words for words but received 2/);
  expect(() => BitVolume.fromBytes([1, 2, 3], [1])).toThrow(/Expected 6 values for bytes but received 1/);
});

test("counts the bits of a word, whatever its sign", () => {
  expect([0, 1, 0x80000000, -1, 0xffffffff, 0x55555555, 0xf0f0f0f1].map(popcount)).toEqual([0, 1, 1, 32, 32, 16, 17]);
});
