import { describe, expect, test } from "vitest";
import { type Selection, type SelectOptions, selectBodies, selectBodiesWithCuts } from "../../src/lungs/select.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import { type Triple, voxelVolume } from "../../src/volume/volume.ts";
import { expectMask } from "../helpers/expect-mask.ts";
import { readCases } from "../helpers/golden-cases.ts";
import { MASKS, randomBodies } from "../helpers/masks.ts";
import { at, derive, dilate, label, type Plain } from "../helpers/plain.ts";
import { testBothWays } from "../helpers/ways.ts";

/** The rules one after the other, each with a look at all voxels. */
function plainSelect(
  whole: Plain,
  spacing: Triple,
  cut: number,
  [low, high]: readonly [number, number],
  minArea: number,
  maxDistance: number,
): { mask: Plain; bodies: number } {
  const [nz, ny, nx] = whole.shape;
  const below = derive(whole, (z, y, x) => z < nz - cut && at(whole, z, y, x));
  const labels = label(below, 6);
  const perPixel = Math.fround(Math.fround(spacing[1]) * Math.fround(spacing[2]));
  const kept = [...new Set(labels)].filter((l) => {
    if (l === 0) return false;
    let voxels = 0;
    let touches = false;
    const least = new Float64Array(nz).fill(Infinity);
    const pixels = new Int32Array(nz);
    derive(below, (z, y, x, i) => {
      if (labels[i] !== l) return false;
      voxels++;
      pixels[z]!++;
      const distance = Math.sqrt(((y + 0.5 - ny / 2) * spacing[1]) ** 2 + ((x + 0.5 - nx / 2) * spacing[2]) ** 2);
      least[z] = Math.min(least[z]!, distance);
      if ((z === 0 || z === nz - cut - 1) && (y === 0 || y === ny - 1) && [0, nx >> 1, nx - 1].includes(x))
        touches = true;
      return false;
    });
    const litres = (voxels * voxelVolume(spacing)) / 1e6;
    const near = [...least].filter((_, z) => pixels[z]! * perPixel > minArea);
    const mean = near.reduce((a, b) => a + b, 0) / near.length;
    return !touches && litres >= low && litres <= high && mean < maxDistance;
  });
  const bodies = derive(below, (_z, _y, _x, i) => kept.includes(labels[i]!));
  if (kept.length === 0) return { mask: below, bodies: 0 };
  if (cut === 0) return { mask: bodies, bodies: kept.length };
  const near = dilate(bodies, cut);
  const both = derive(whole, (z, y, x) =>
    z < nz - cut ? at(bodies, z, y, x) : at(whole, z, y, x) && at(near, z, y, x),
  );
  const joined = label(both, 6);
  const good = new Set(kept.map((l) => joined[labels.indexOf(l)]!));
  return { mask: derive(both, (_z, _y, _x, i) => good.has(joined[i]!)), bodies: kept.length };
}

describe.each(readCases("select"))("case $name equals the reference", ({ spacing, mask, values }) => {
  const candidates = mask("mask");

  test.each([0, 1, 2, 3, 5])("with %i slices cut", (cut) => {
    const selection = selectBodies(candidates, spacing, cut);
    expect([selection.bodies]).toEqual(values(`bodies${cut}`));
    expect(selection.cut).toBe(cut);
    expectMask(selection.mask, mask(`cut${cut}`));
  });

  test("with stricter rules", () => {
    const options: SelectOptions = { volumeLimits: [1.2, 3], minSliceArea: 9000, maxDistance: 40 };
    expectMask(selectBodies(candidates, spacing, 1, options).mask, mask("strict"));
  });

  testBothWays("with as many cuts as it takes", () => {
    const [cut, found] = values("summary") as [number, number];
    const selection = selectBodiesWithCuts(candidates, spacing);
    expect(selection.bodies).toBe(found);
    expect(selection.cut).toBe(found > 0 ? cut : 0);
    expectMask(selection.mask, mask("with_cuts"));
  });
});

test("the goldens hold cuts, no cuts and failures", () => {
  const cuts = readCases("select").map(({ values }) => values("summary") as [number, number]);
  expect(cuts.filter(([cut, found]) => found > 0 && cut > 0).length).toBeGreaterThan(2);
  expect(cuts.filter(([cut, found]) => found > 0 && cut === 0).length).toBeGreaterThan(2);
});

test("selects in every kind of mask what the rules say", () => {
  let kept = 0;
  for (const { name, plain, mask } of [
    ...MASKS,
    ...[1, 2, 3, 4].map((seed) => randomBodies([8, 20, 40], 5, 5, seed)),
  ]) {
    for (const cut of [0, 1, 2]) {
      if (cut >= mask.shape[0]) continue;
      const options = { volumeLimits: [0.02, 0.5], minSliceArea: 150, maxDistance: 60 } as const;
      const selection = selectBodies(mask, [20, 10, 8], cut, options);
      const expected = plainSelect(
        plain,
        [20, 10, 8],
        cut,
        options.volumeLimits,
        options.minSliceArea,
        options.maxDistance,
      );
      expect(selection.bodies, name).toBe(expected.bodies);
      expectMask(selection.mask, expected.mask, `${name}, cut ${cut}`);
      expectMask(mask, plain, `${name}, left alone`);
      kept += selection.bodies;
    }
  }
  expect(kept).toBeGreaterThan(20);
});

testBothWays("tries cuts as if each was tried by itself", () => {
  const spacing = [20, 10, 8] as const;
  let cuts = 0;
  let failures = 0;
  const bodies = Array.from({ length: 24 }, (_, seed) => randomBodies([9 + (seed % 5), 20, 40], 7, 6, 50 + seed));
  for (const [k, { name, plain, mask }] of [...MASKS, ...bodies].entries()) {
    const options: SelectOptions = {
      volumeLimits: k % 2 === 0 ? [0.02, 0.9] : [0.5, 2],
      minSliceArea: 150 * (k % 3),
      maxDistance: k % 4 === 0 ? 25 : 60,
    };
    const step = 1 + (k % 3);
    const tries: Selection[] = [];
    for (let cut = 0; cut < mask.shape[0]; cut += step) tries.push(selectBodies(mask, spacing, cut, options));
    const found = selectBodiesWithCuts(mask, spacing, step, options);
    const expected = tries.find(({ bodies }) => bodies > 0);
    if (expected !== undefined) {
      expect({ ...found, mask: undefined }, name).toEqual({ ...expected, mask: undefined });
      expectMask(found.mask, { shape: mask.shape, bytes: expected.mask.toBytes() }, name);
      if (found.cut > 0) cuts++;
    } else {
      const largest = Math.max(...tries.map((selection) => selection.largest));
      const nearest = Math.min(...tries.map((selection) => selection.nearest));
      expect(found, name).toMatchObject({ bodies: 0, cut: 0, largest, nearest });
      expectMask(found.mask, plain, name);
      failures++;
    }
  }
  expect(cuts).toBeGreaterThan(8);
  expect(failures).toBeGreaterThan(20);
});

/** A block of 10 × 10 × 10 voxels of 1 mL in the middle of 20 × 20 × 20. */
function block(): BitVolume {
  const mask = new BitVolume([20, 20, 20]);
  for (let i = 0; i < 1000; i++) mask.set(5 + Math.floor(i / 100), 5 + (Math.floor(i / 10) % 10), 5 + (i % 10));
  return mask;
}

test("limits of volume are inclusive, those of area and distance exclusive", () => {
  const bodies = (options: SelectOptions) => selectBodies(block(), [10, 10, 10], 0, options).bodies;
  expect(bodies({})).toBe(1);
  expect(bodies({ volumeLimits: [1, 1] })).toBe(1);
  expect(bodies({ volumeLimits: [1.0001, 2] })).toBe(0);
  expect(bodies({ volumeLimits: [0.5, 0.9999] })).toBe(0);
  expect(bodies({ minSliceArea: 9999 })).toBe(1);
  expect(bodies({ minSliceArea: 10000 })).toBe(0);
  expect(bodies({ maxDistance: Math.hypot(5, 5) })).toBe(0);
  expect(bodies({ maxDistance: Math.hypot(5, 5) + 1e-9 })).toBe(1);
});

test("tells of the largest and the nearest body that it saw", () => {
  const small = selectBodiesWithCuts(block(), [10, 10, 10], 2, { volumeLimits: [2, 3] });
  expect(small).toMatchObject({ bodies: 0, cut: 0, largest: 1, nearest: Infinity });
  const far = selectBodiesWithCuts(block(), [10, 10, 10], 2, { maxDistance: 1 });
  expect(far).toMatchObject({ bodies: 0, cut: 0, nearest: Math.hypot(5, 5) });
  expect(selectBodiesWithCuts(new BitVolume([3, 4, 5]), [1, 1, 1])).toMatchObject({ bodies: 0, largest: 0 });
});

test("refuses cuts that leave nothing, steps and limits that make no sense", () => {
  expect(() => selectBodies(block(), [1, 1, 1], 20)).toThrow(/an integer from 0 to 19 for cut but received 20/);
  expect(() => selectBodies(block(), [1, 1, 1], -1)).toThrow(/for cut/);
  expect(() => selectBodies(block(), [1, 1, 1], 0.5)).toThrow(/for cut/);
  expect(() => selectBodiesWithCuts(block(), [1, 1, 1], 0)).toThrow(/an integer of at least 1 \(slices\) for step/);
  expect(() => selectBodies(block(), [1, 1, 1], 0, { volumeLimits: [2, 1] })).toThrow(
    /two ascending numbers of at least 0 \(litres\) for volumeLimits/,
  );
});
