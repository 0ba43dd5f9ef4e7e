import { expect, test } from "vitest";
import { boundingBox, cutOut, pasteInto, workingBox } from "../../src/ops/box.ts";
import { expectMask } from "../helpers/expect-mask.ts";
import { MASKS, randomMask } from "../helpers/masks.ts";
import { at, derive, boundingBox as plainBox } from "../helpers/plain.ts";
import { testBothWays } from "../helpers/ways.ts";

testBothWays("bounds every kind of mask", () => {
  for (const { name, plain, mask } of MASKS) expect(boundingBox(mask), name).toEqual(plainBox(plain));
});

testBothWays("bounds two voxels wherever they lie in their words", () => {
  for (let a = 0; a < 66; a += 3) {
    for (let b = 0; b < 66; b += 5) {
      const { mask } = randomMask([3, 4, 66], 0, 0);
      mask.set(1, 3, a);
      mask.set(2, 2, b);
      expect(boundingBox(mask)).toEqual({ low: [1, 2, Math.min(a, b)], high: [3, 4, Math.max(a, b) + 1] });
    }
  }
});

test("the working box widens as far as the volume goes, along x to whole words", () => {
  const box = { low: [2, 3, 40], high: [4, 5, 60] } as const;
  expect(workingBox(box, [9, 9, 100], [0, 0, 0])).toEqual({ low: [2, 3, 32], high: [4, 5, 64] });
  expect(workingBox(box, [9, 9, 100], [1, 2, 8])).toEqual({ low: [1, 1, 32], high: [5, 7, 96] });
  expect(workingBox(box, [9, 9, 100], [1, 2, 9])).toEqual({ low: [1, 1, 0], high: [5, 7, 96] });
  expect(workingBox(box, [5, 6, 61], [99, 99, 99])).toEqual({ low: [0, 0, 0], high: [5, 6, 61] });
});

test("what is cut out is there, and goes back where it was", () => {
  for (const { name, plain, mask } of MASKS) {
    const tight = boundingBox(mask);
    if (tight === undefined) continue;
    for (const margin of [0, 1, 3]) {
      const box = workingBox(tight, mask.shape, [margin, margin, margin]);
      const part = cutOut(mask, box);
      const [z0, y0, x0] = box.low;
      const empty = { shape: part.shape, bytes: new Uint8Array(part.shape[0] * part.shape[1] * part.shape[2]) };
      expectMask(
        part,
        derive(empty, (z, y, x) => at(plain, z + z0, y + y0, x + x0)),
        name,
      );
      expectMask(pasteInto(mask.shape, part, box), mask, name);
    }
  }
});

test("a box that is smaller than the mask cuts, and pastes into nothing", () => {
  const { plain, mask } = randomMask([5, 6, 100], 0.5, 3);
  const box = { low: [1, 2, 32], high: [4, 3, 96] } as const;
  const inBox = derive(plain, (z, y, x) => at(plain, z, y, x) && z >= 1 && z < 4 && y === 2 && x >= 32 && x < 96);
  expectMask(pasteInto(mask.shape, cutOut(mask, box), box), inBox);
});
