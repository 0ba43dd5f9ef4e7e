import { expect, test } from "vitest";
import { mainPart } from "../../src/lungs/main-part.ts";
import { expectMask } from "../helpers/expect-mask.ts";
import { readCases } from "../helpers/golden-cases.ts";
import { MASKS } from "../helpers/masks.ts";
import { at, convexHull, derive, label, labelSizes, type Plain } from "../helpers/plain.ts";

function plainMainPart(mask: Plain, cover: number): Plain {
  const [, ny, nx] = mask.shape;
  const slices = label(mask, 8);
  const sizes = labelSizes(slices);
  const hulls = Array.from({ length: mask.shape[0] }, (_, z) => {
    const ranked = [...new Set(slices.subarray(z * ny * nx, (z + 1) * ny * nx))]
      .filter((l) => l > 0)
      .sort((a, b) => sizes[b]! - sizes[a]! || a - b);
    const total = ranked.reduce((sum, l) => sum + sizes[l]!, 0);
    const chosen: number[] = [];
    for (let sum = 0; sum < total * cover; sum += sizes[chosen.at(-1)!]!) chosen.push(ranked[chosen.length]!);
    return chosen.map((l) => convexHull(mask, z, (y, x) => slices[(z * ny + y) * nx + x] === l));
  });
  const trimmed = derive(mask, (z, y, x) => at(mask, z, y, x) && hulls[z]!.some((inside) => inside(y, x)));
  const bodies = label(trimmed, 26);
  const volumes = labelSizes(bodies);
  const largest = volumes.indexOf(Math.max(...volumes.slice(1)), 1);
  return derive(mask, (_z, _y, _x, i) => largest > 0 && bodies[i] === largest);
}

test.each([0.95, 0.5, 1])("keeps the main part of every kind of mask, cover %f", (cover) => {
  for (const { name, plain, mask } of MASKS) {
    expectMask(mainPart(mask, cover), plainMainPart(plain, cover), name);
    expectMask(mask, plain, `${name}, left alone`);
  }
});

test.each(readCases("rules"))("case $name equals scikit-image", ({ mask }) => {
  expectMask(mainPart(mask("mask")), mask("main"), "published");
  expectMask(mainPart(mask("mask"), 0.5), mask("main50"), "half");
  expectMask(mainPart(mask("mask"), 1), mask("main100"), "all");
});

test.each([0, -1, 1.01, Number.NaN])("refuses a cover of %f", (cover) => {
  expect(() => mainPart(MASKS[0]!.mask, cover)).toThrow(/a number above 0 and at most 1 for cover/);
});
