import { expect, test } from "vitest";
import { maskImage } from "../../src/prepare/mask-image.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Triple } from "../../src/volume/volume.ts";
import { numbers, readGolden } from "../helpers/npz.ts";

const golden = readGolden("prepare/mask");
const shape = golden("image").shape as unknown as Triple;
const image = golden("image").data as Uint8Array;
const lungs = BitVolume.fromBytes(shape, numbers(golden("lungs")));
const near = BitVolume.fromBytes(shape, numbers(golden("near")));

test("equals numpy, and leaves its input alone", () => {
  const before = image.slice();
  expect(maskImage(image, lungs, near)).toEqual(golden("masked").data);
  expect(image).toEqual(before);
});

test("the padding value and the threshold are options", () => {
  const row: Triple = [1, 1, 4];
  const inLungs = BitVolume.fromBytes(row, [1, 0, 0, 0]);
  const around = BitVolume.fromBytes(row, [1, 1, 1, 0]);
  const masked = maskImage(Uint8Array.of(90, 80, 81, 5), inLungs, around, { padValue: 7, boneThreshold: 80 });
  expect([...masked]).toEqual([90, 80, 7, 7]);
});

test("empty masks leave padding only", () => {
  const nothing = new BitVolume(shape);
  expect(maskImage(image, nothing, nothing).every((v) => v === 170)).toBe(true);
});

test("refuses sizes that do not belong together and values that are no bytes", () => {
  expect(() => maskImage(image.subarray(1), lungs, near)).toThrow(/for image/);
  expect(() => maskImage(image, new BitVolume([4, 9, 36]), near)).toThrow(/for near/);
  expect(() => maskImage(image, lungs, near, { padValue: 256 })).toThrow(/for padValue/);
  expect(() => maskImage(image, lungs, near, { boneThreshold: -1 })).toThrow(/for boneThreshold/);
});
