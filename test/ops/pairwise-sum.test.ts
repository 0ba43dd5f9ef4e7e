import { expect, test } from "vitest";
import { pairwiseSum } from "../../src/ops/pairwise-sum.ts";
import { numbers, readGolden } from "../helpers/npz.ts";

/** The values that make-goldens/lungs.py sums, from the first on. */
const values = Float64Array.from({ length: 5000 }, (_, i) => ((i * i * 31 + i * 7) % 65521) / 97);

test("equals numpy's sums to the last bit, of few values and of many", () => {
  const golden = readGolden("lungs/numbers");
  const sums = numbers(golden("sums"));
  const lengths = numbers(golden("lengths"));
  expect(lengths.map((n) => pairwiseSum(values.subarray(0, n)))).toEqual(sums);
  expect(lengths.map((n) => pairwiseSum(values, 0, n))).toEqual(sums);
  // The order shows: from one end to the other another sum comes out.
  expect(values.subarray(0, 1000).reduce((a, b) => a + b)).not.toBe(sums[lengths.indexOf(1000)]);
});

test("sums a part as it sums that part alone, and nothing to 0", () => {
  expect(pairwiseSum(values, 17, 700)).toBe(pairwiseSum(values.subarray(17, 700)));
  expect(pairwiseSum([])).toBe(0);
  expect(pairwiseSum(values, 5, 5)).toBe(0);
});
