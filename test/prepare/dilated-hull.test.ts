import { expect, test } from "vitest";
import { dilatedHull } from "../../src/prepare/dilated-hull.ts";
import { withoutKernels } from "../../src/simd/kernels.ts";
import { expectMask } from "../helpers/expect-mask.ts";
import { readCases } from "../helpers/golden-cases.ts";
import { MASKS } from "../helpers/masks.ts";
import { at, convexHull, derive, dilate, type Plain } from "../helpers/plain.ts";

function plainDilatedHull(mask: Plain, iterations: number, maxAreaRatio: number): Plain {
  const whole = derive(mask, () => true);
  const hulls = Array.from({ length: mask.shape[0] }, (_, z) => {
    const pixels = derive(mask, (k, y, x) => k === z && at(mask, k, y, x)).bytes.reduce((n, b) => n + b, 0);
    if (pixels === 0) return () => false;
    const inside = convexHull(mask, z, () => true);
    const area = derive(whole, (k, y, x) => k === z && inside(y, x)).bytes.reduce((n, b) => n + b, 0);
    return area <= maxAreaRatio * pixels ? inside : (y: number, x: number) => at(mask, z, y, x);
  });
  return dilate(
    derive(mask, (z, y, x) => hulls[z]!(y, x)),
    iterations,
  );
}

test.each([
  [0, 2],
  [1, 1.2],
  [4, 2],
])("widens every kind of mask, %i dilations, hulls up to %f times as large", (iterations, maxAreaRatio) => {
  for (const { name, plain, mask } of MASKS) {
    const widen = () => dilatedHull(mask, { iterations, maxAreaRatio });
    const expected = plainDilatedHull(plain, iterations, maxAreaRatio);
    expectMask(widen(), expected, name);
    expectMask(withoutKernels(widen), expected, `${name}, plain`);
    expectMask(mask, plain, `${name}, left alone`);
  }
});

test.each(readCases("rules"))("case $name equals scikit-image and scipy", ({ mask }) => {
  for (const way of [<T>(run: () => T) => run(), withoutKernels]) {
    expectMask(
      way(() => dilatedHull(mask("mask"), { iterations: 1 })),
      mask("hull1"),
      "1 dilation",
    );
    expectMask(
      way(() => dilatedHull(mask("mask"), { iterations: 3 })),
      mask("hull3"),
      "3 dilations",
    );
  }
});

test("dilates ten times hulls of up to twice the area, unless told otherwise", () => {
  const { mask } = MASKS.find(({ name }) => name.startsWith("shell within"))!;
  expectMask(dilatedHull(mask), dilatedHull(mask, { iterations: 10, maxAreaRatio: 2 }));
});

test.each([
  [{ maxAreaRatio: -1 }, /a number of at least 0 for maxAreaRatio/],
  [{ maxAreaRatio: Number.NaN }, /for maxAreaRatio/],
  [{ iterations: -1 }, /an integer of at least 0 for iterations/],
  [{ iterations: 1.5 }, /for iterations/],
])("refuses %j", (options, message) => {
  expect(() => dilatedHull(MASKS[0]!.mask, options)).toThrow(message);
});
