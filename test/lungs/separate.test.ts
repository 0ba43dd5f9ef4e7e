import { describe, expect, test } from "vitest";
import { separateLungs } from "../../src/lungs/separate.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import { expectMask } from "../helpers/expect-mask.ts";
import { readCases } from "../helpers/golden-cases.ts";
import { MASKS } from "../helpers/masks.ts";
import { erode, fillSlices, label, labelSizes } from "../helpers/plain.ts";
import { testBothWays } from "../helpers/ways.ts";

describe.each(readCases("separate"))("case $name", ({ name, spacing, mask }) => {
  const rules = name.includes("few") ? { maxErosions: 2, maxRatio: 1.5 } : {};

  testBothWays("equals the reference", () => {
    const whole = mask("mask");
    const { lung1, lung2, separated } = separateLungs(whole, spacing, rules);
    expectMask(lung1, mask("lung1"), "lung 1");
    expectMask(lung2, mask("lung2"), "lung 2");
    expect(separated).toBe(mask("lung2").count() > 0);
    expectMask(whole, mask("mask"), "left alone");
  });
});

test("the goldens hold lungs that separate and lungs that do not", () => {
  const second = readCases("separate").map(({ mask }) => mask("lung2").count());
  expect(second.filter((n) => n > 0).length).toBeGreaterThan(5);
  expect(second.filter((n) => n === 0).length).toBeGreaterThan(2);
});

test("erodes every kind of mask until two comparable parts are left, or gives all of it to the first lung", () => {
  for (const { name, plain, mask } of MASKS) {
    if (mask.count() === 0) continue;
    let erosions = 0;
    let separated = false;
    for (let core = plain; erosions < 3 && !separated; core = erode(core)) {
      const [first = 0, second = 0] = labelSizes(label(core, 18))
        .slice(1)
        .sort((a, b) => b - a);
      separated = second > 0 && first / second < 3;
      if (!separated) erosions++;
    }
    const found = separateLungs(mask, [2, 1, 1], { maxErosions: 3, maxRatio: 3 });
    expect(found, name).toMatchObject({ separated, erosions });
    if (!separated) expectMask(found.lung1, fillSlices(plain), name);
    expect(found.lung2.count() > 0, name).toBe(separated);
    for (let i = 0; i < found.lung1.words.length; i++)
      expect(found.lung1.words[i]! & ~fillSlicesOf(mask).words[i]!, name).toBe(0);
  }

  function fillSlicesOf(mask: BitVolume): BitVolume {
    const filled = fillSlices({ shape: mask.shape, bytes: mask.toBytes() });
    return BitVolume.fromBytes(filled.shape, filled.bytes);
  }
});

test("an empty mask is an error with the measured value", () => {
  expect(() => separateLungs(new BitVolume([2, 3, 4]), [1, 1, 1])).toThrow(
    /separate: There is nothing to separate \(measured: 0 voxels; limit: at least 1\)/,
  );
});

test.each([
  [{ maxErosions: -1 }, /an integer of at least 0 for maxErosions/],
  [{ maxErosions: 1.5 }, /for maxErosions/],
  [{ maxRatio: 0.9 }, /a number of at least 1 for maxRatio/],
  [{ maxRatio: Number.NaN }, /for maxRatio/],
])("refuses %j", (options, message) => {
  expect(() => separateLungs(MASKS[1]!.mask, [1, 1, 1], options)).toThrow(message);
});
