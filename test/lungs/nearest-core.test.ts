import { describe } from "vitest";
import { splitByNearestCore } from "../../src/lungs/nearest-core.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Triple } from "../../src/volume/volume.ts";
import { expectMask } from "../helpers/expect-mask.ts";
import { readCases } from "../helpers/golden-cases.ts";
import { MASKS, randomMask } from "../helpers/masks.ts";
import { at, derive, type Plain, splitByNearestCore as plainSplit } from "../helpers/plain.ts";
import { testBothWays } from "../helpers/ways.ts";

const pack = ({ shape, bytes }: Plain) => BitVolume.fromBytes(shape, bytes);

describe.each(readCases("nearest-core"))("case $name", ({ spacing, mask }) => {
  testBothWays("equals scipy", () => {
    const [first, second] = splitByNearestCore(mask("mask"), mask("core1"), mask("core2"), spacing);
    expectMask(first, mask("first"), "first");
    expectMask(second, mask("second"), "second");
  });
});

// Spacings whose squares are exact, so that the plain twin knows every tie.
const SPACINGS: readonly Triple[] = [
  [1, 1, 1],
  [2.5, 0.5, 0.5],
  [0.5, 2, 1],
  [4, 1, 3],
];

describe.each(SPACINGS)("%f × %f × %f mm", (...spacing) => {
  testBothWays("every kind of mask is divided by distance", () => {
    for (const [k, { name, plain, mask }] of MASKS.entries()) {
      if (mask.count() < 2) continue;
      // Every so many voxels one for a core, by turns: near and far, with ties.
      const stride = [2, 7, 23, 61][k % 4]!;
      let seen = 0;
      const marks = plain.bytes.map((b) => (b && seen++ % stride === 0 ? 1 + (Math.floor(seen / stride) % 2) : 0));
      marks[plain.bytes.lastIndexOf(1)] = 2;
      const [core1, core2] = [1, 2].map((m) => derive(plain, (_z, _y, _x, i) => marks[i] === m)) as [Plain, Plain];
      const before = [mask.clone(), pack(core1), pack(core2)] as const;
      const expected = plainSplit(plain, core1, core2, spacing);
      const result = splitByNearestCore(mask, before[1], before[2], spacing);
      expectMask(result[0], expected[0], `${name}, first`);
      expectMask(result[1], expected[1], `${name}, second`);
      expectMask(before[1], core1, `${name}, core 1 left alone`);
      expectMask(before[2], core2, `${name}, core 2 left alone`);
      expectMask(mask, plain, `${name}, left alone`);
    }
  });
});

testBothWays("a tie belongs to neither", () => {
  const { mask, plain } = randomMask([3, 3, 65], 1.1, 0);
  const core = (column: number) => derive(plain, (z, y, x) => z === 1 && y === 1 && x === column);
  const [first, second] = splitByNearestCore(mask, pack(core(0)), pack(core(64)), [1.3, 0.703125, 0.646484]);
  expectMask(
    first,
    derive(plain, (z, y, x) => at(plain, z, y, x) && x < 32),
  );
  expectMask(
    second,
    derive(plain, (z, y, x) => at(plain, z, y, x) && x > 32),
  );
});
