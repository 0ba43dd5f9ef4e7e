import { expect, test } from "vitest";
import { fillHoles } from "../../src/lungs/fill-holes.ts";
import { fillSlices } from "../../src/lungs/fill-slices.ts";
import { expectMask } from "../helpers/expect-mask.ts";
import { readCases } from "../helpers/golden-cases.ts";
import { MASKS, randomBodies, randomMask } from "../helpers/masks.ts";
import { complement, fillHoles as plainFillHoles, fillSlices as plainFillSlices } from "../helpers/plain.ts";

test.each([
  ["holes", fillHoles, plainFillHoles],
  ["slices", fillSlices, plainFillSlices],
] as const)("fills the %s of every kind of mask, into a new one", (_what, fill, plainFill) => {
  let filled = 0;
  for (const { name, plain, mask } of MASKS) {
    const result = fill(mask);
    expectMask(result, plainFill(plain), name);
    expectMask(mask, plain, `${name}, left alone`);
    expect(result.words, name).not.toBe(mask.words);
    filled += result.count() - mask.count();
  }
  expect(filled).toBeGreaterThan(100);
});

test("fills hollow bodies that touch the faces", () => {
  for (let seed = 0; seed < 12; seed++) {
    const { plain } = randomBodies([9, 16, 40], 6, 4, seed);
    const hollow = complement(plain);
    const mask = randomMask([9, 16, 40], 0, 0).mask;
    for (let i = 0; i < hollow.bytes.length; i++) {
      if (hollow.bytes[i]) mask.set(Math.floor(i / 640), Math.floor(i / 40) % 16, i % 40);
    }
    expectMask(fillHoles(mask), plainFillHoles(hollow), `seed ${seed}`);
    expectMask(fillSlices(mask), plainFillSlices(hollow), `seed ${seed}`);
  }
});

test.each(readCases("rules"))("case $name equals scikit-image", ({ mask }) => {
  expectMask(fillHoles(mask("no_corners")), mask("holes"), "holes");
  expectMask(fillSlices(mask("mask")), mask("slices"), "slices");
});
