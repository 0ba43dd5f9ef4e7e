import { describe, expect, test } from "vitest";
import {
  componentMoments,
  componentSizes,
  componentsWithin,
  drawComponents,
  paintComponents,
  twoLargest,
} from "../../src/ops/components.ts";
import { labelRuns } from "../../src/ops/label.ts";
import { extractRuns } from "../../src/ops/runs.ts";
import { expectMask } from "../helpers/expect-mask.ts";
import { MASKS } from "../helpers/masks.ts";
import { derive, label, labelSizes } from "../helpers/plain.ts";
import { testBothWays } from "../helpers/ways.ts";

describe.each([6, 8, 18, 26] as const)("%i neighbours", (connectivity) => {
  testBothWays("measures, ranks and draws components", () => {
    for (const { name, plain, mask } of MASKS) {
      const components = labelRuns(extractRuns(mask), connectivity);
      const labels = label(plain, connectivity);
      const sizes = componentSizes(components);
      const roots = [...components.root.keys()].filter((i) => components.root[i] === i);
      const expected = labelSizes(labels).slice(1);
      expect(
        roots.map((i) => sizes[i]),
        name,
      ).toEqual(expected);
      expect(
        sizes.reduce((a, b) => a + b, 0),
        name,
      ).toBe(mask.count());
      const ranked = [...roots].sort((a, b) => sizes[b]! - sizes[a]!);
      expect(twoLargest(sizes), name).toEqual([ranked[0] ?? -1, ranked[1] ?? -1]);
      const odd = roots.filter((_, i) => i % 2 === 0);
      expectMask(
        drawComponents(components, odd, mask.shape),
        derive(plain, (_z, _y, _x, i) => labels[i]! % 2 === 1),
        name,
      );
      expect(drawComponents(components, [], mask.shape).count(), name).toBe(0);
      const painted = paintComponents(mask.clone(), components, new Uint8Array(components.runs.count));
      expectMask(painted, plain, name);
    }
  });

  testBothWays("adds up moments of components", () => {
    for (const { name, plain, mask } of MASKS) {
      const components = labelRuns(extractRuns(mask), connectivity);
      const { roots, sums } = componentMoments(components);
      const expected: number[][] = [];
      const labels = label(plain, connectivity);
      derive(plain, (_z, y, x, i) => {
        const terms = [1, y, x, y * y, y * x, x * x];
        if (labels[i]! > 0) expected[labels[i]!] = terms.map((t, k) => t + (expected[labels[i]!]?.[k] ?? 0));
        return false;
      });
      expect([...roots], name).toEqual([...components.root.keys()].filter((i) => components.root[i] === i));
      expect(
        [...roots.keys()].map((k) => [...sums.subarray(6 * k, 6 * k + 6)]),
        name,
      ).toEqual(expected.slice(1));
    }
  });

  testBothWays("tells which components lie within a box", () => {
    for (const { name, plain, mask } of MASKS) {
      const [nz, ny, nx] = plain.shape;
      const low = [nz > 2 ? 1 : 0, ny > 3 ? 1 : 0, nx > 9 ? 3 : 0] as const;
      const high = [nz > 3 ? nz - 1 : nz, ny, nx > 9 ? nx - 2 : nx] as const;
      const components = labelRuns(extractRuns(mask), connectivity);
      const labels = label(plain, connectivity);
      const out = new Set<number>();
      derive(plain, (z, y, x, i) => {
        if ([z, y, x].some((v, axis) => v < low[axis]! || v >= high[axis]!)) out.add(labels[i]!);
        return false;
      });
      const within = componentsWithin(components, { low, high });
      const roots = [...components.root.keys()].filter((i) => components.root[i] === i);
      expect(
        roots.map((i) => within[i]),
        name,
      ).toEqual(roots.map((_, i) => (out.has(i + 1) ? 0 : 1)));
    }
  });
});

test("the first in scan order wins among equals", () => {
  expect(twoLargest(Int32Array.of(0, 4, 0, 4, 4))).toEqual([1, 3]);
  expect(twoLargest(Int32Array.of(2, 4, 2, 9))).toEqual([3, 1]);
  expect(twoLargest(Int32Array.of(0, 0, 5))).toEqual([2, -1]);
  expect(twoLargest(new Int32Array(0))).toEqual([-1, -1]);
});
