import { expect, test } from "vitest";
import { endAreas } from "../../src/lungs/end-areas.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";

test("the areas of both lungs on the first and the last slice, in square centimetres", () => {
  const lung1 = new BitVolume([3, 4, 40]);
  const lung2 = new BitVolume([3, 4, 40]);
  for (let x = 0; x < 40; x++) lung1.set(0, 1, x);
  lung1.set(1, 0, 0);
  lung2.set(2, 3, 39);
  lung1.set(2, 0, 35);
  const lungs = { lung1, lung2, separated: true, cut: 0, bodies: 1, erosions: 1 };
  expect(endAreas(lungs, [2, 5, 4])).toEqual([8, 0.4]);
});
