import { expect, test } from "vitest";
import { boxDilate } from "../../src/ops/box-dilate.ts";
import { dilate, erode } from "../../src/ops/morphology.ts";
import { expectMask } from "../helpers/expect-mask.ts";
import { MASKS, randomBodies, randomMask } from "../helpers/masks.ts";
import { derive, boxDilate as plainBoxDilate, dilate as plainDilate, erode as plainErode } from "../helpers/plain.ts";
import { testBothWays } from "../helpers/ways.ts";

testBothWays("erodes every kind of mask; outside is false", () => {
  for (const { name, plain, mask } of MASKS) {
    expectMask(erode(mask), plainErode(plain), name);
    expectMask(mask, plain, `${name}, left alone`);
  }
});

testBothWays("erodes bodies until nothing is left", () => {
  for (const shape of [
    [14, 16, 64],
    [11, 20, 45],
  ] as const) {
    let { mask, plain } = randomBodies(shape, 4, 7, 5);
    for (let k = 0; mask.count() > 0; k++) {
      mask = erode(mask);
      plain = plainErode(plain);
      expectMask(mask, plain, `after ${k + 1}`);
    }
  }
});

testBothWays("dilates every kind of mask, and nothing grows over an edge into the next row", () => {
  for (const { name, plain, mask } of MASKS) {
    for (const iterations of [0, 1, 3]) {
      expectMask(dilate(mask, iterations), plainDilate(plain, iterations), `${name}, ${iterations}`);
    }
    expectMask(mask, plain, `${name}, left alone`);
  }
  expectMask(dilate(MASKS[0]!.mask), plainDilate(MASKS[0]!.plain, 1), "once by default");
});

test("a dilated clone is a new mask even without iterations", () => {
  const { mask } = randomMask([2, 3, 40], 0.5, 1);
  expect(dilate(mask, 0)).not.toBe(mask);
});

testBothWays("dilates every kind of mask by boxes", () => {
  const radii = [
    [0, 0, 0],
    [1, 0, 0],
    [0, 2, 0],
    [0, 0, 3],
    [1, 2, 4],
    [4, 5, 33],
  ] as const;
  for (const { name, plain, mask } of MASKS) {
    for (const radius of radii)
      expectMask(boxDilate(mask, radius), plainBoxDilate(plain, radius), `${name}, ${radius}`);
    expectMask(mask, plain, `${name}, left alone`);
  }
});

testBothWays("one voxel becomes a box of every radius, as far as the volume goes", () => {
  const [nz, ny, nx] = [9, 25, 70];
  for (const [z, y, x] of [
    [4, 12, 35],
    [1, 20, 64],
    [8, 3, 31],
    [0, 24, 0],
  ] as const) {
    const { mask, plain } = randomMask([nz, ny, nx], 0, 0);
    mask.set(z, y, x);
    for (let r = 0; r < 30; r++) {
      const box = derive(
        plain,
        (k, j, i) => Math.abs(k - z) <= r && Math.abs(j - y) <= r + 1 && Math.abs(i - x) <= 2 * r,
      );
      expectMask(boxDilate(mask, [r, r + 1, 2 * r]), box, `${[z, y, x]}, radius ${r}`);
    }
  }
});
