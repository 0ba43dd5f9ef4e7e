import { expect, test } from "vitest";
import { gaussianWeights, reflect } from "../../src/ops/gaussian.ts";
import { numbers, readGolden } from "../helpers/npz.ts";

const golden = readGolden("lungs/numbers");

// numpy takes its exponential from the processor, so its last bit is not the same everywhere.
test.each([0.25, 0.5, 1, 1.5, 2.3, 5, 15])(
  "sigma %f has as many weights as in scipy, equal but for the last bit",
  (sigma) => {
    const weights = gaussianWeights(sigma, 2);
    const expected = numbers(golden(`gaussian${sigma}`));
    expect(weights.length).toBe(expected.length);
    for (const [k, weight] of weights.entries()) expect(Math.abs(weight / expected[k]! - 1)).toBeLessThan(5e-16);
  },
);

test("mirrors at the edge, the edge sample repeated, as often as need be", () => {
  const read = (n: number) => Array.from({ length: 12 }, (_, i) => reflect(i - 5, n));
  expect(read(4)).toEqual([3, 3, 2, 1, 0, 0, 1, 2, 3, 3, 2, 1]);
  expect(read(2)).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1]);
  expect(read(1)).toEqual(new Array(12).fill(0));
});
