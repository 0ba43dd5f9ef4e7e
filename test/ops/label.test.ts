import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Connectivity,
  componentMoments,
  componentSizes,
  componentsWithin,
  drawComponents,
  labelRuns,
  paintComponents,
  twoLargest,
} from "../../src/ops/label.ts";
import { extractRuns } from "../../src/ops/runs.ts";
import type { BitVolume } from "../../src/volume/bit-volume.ts";
import { expectMask } from "../helpers/expect-mask.ts";
import { MASKS, type MaskCase, randomMask } from "../helpers/masks.ts";
import { derive, label, labelSizes } from "../helpers/plain.ts";
import { testBothWays } from "../helpers/ways.ts";

const CONNECTIVITIES: readonly Connectivity[] = [6, 8, 18, 26];

/** Labels from runs, numbered by ascending roots. */
function labelsOf(mask: BitVolume, connectivity: Connectivity): Int32Array {
  const { runs, root } = labelRuns(extractRuns(mask), connectivity);
  const nx = mask.shape[2];
  const labels = new Int32Array(mask.shape[0] * mask.shape[1] * nx);
  const numbers = new Map<number, number>();
  for (let row = 0; row < runs.planes * runs.rowsPerPlane; row++) {
    for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
      if (root[i] === i) numbers.set(i, numbers.size + 1);
      labels.fill(numbers.get(root[i]!)!, row * nx + runs.start[i]!, row * nx + runs.end[i]!);
    }
  }
  return labels;
}

function expectLabels({ name, plain, mask }: MaskCase, connectivity: Connectivity): void {
  expect(labelsOf(mask, connectivity), `${name}, ${connectivity}`).toEqual(label(plain, connectivity));
}

describe.each(CONNECTIVITIES)("%i neighbours", (connectivity) => {
  testBothWays("labels every kind of mask as flood filling does, in scan order", () => {
    for (const mask of MASKS) expectLabels(mask, connectivity);
  });

  testBothWays("labels any mask", () => {
    const side = fc.integer({ min: 1, max: 9 });
    const shape = fc.tuple(fc.integer({ min: 1, max: 4 }), side, fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(shape, fc.double({ min: 0.05, max: 0.95, noNaN: true }), fc.integer(), (dims, density, seed) => {
        expectLabels(randomMask(dims, density, seed), connectivity);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test("keeps diagonals and planes apart as it should", () => {
    const touching: Record<string, readonly Connectivity[]> = {
      "0,0,1": [6, 8, 18, 26],
      "0,1,1": [8, 18, 26],
      "1,0,0": [6, 18, 26],
      "1,0,1": [18, 26],
      "1,1,0": [18, 26],
      "1,1,1": [26],
    };
    for (const [step, joins] of Object.entries(touching)) {
      const [dz, dy, dx] = step.split(",").map(Number) as [number, number, number];
      for (const sign of [1, -1]) {
        const mask = randomMask([3, 3, 66], 0, 0).mask;
        mask.set(1, 1, 32);
        mask.set(1 - dz, 1 - dy, 32 - sign * dx);
        const components = labelRuns(extractRuns(mask), connectivity);
        const roots = new Set(components.root);
        expect(roots.size, `${step}, ${sign}`).toBe(joins.includes(connectivity) ? 1 : 2);
      }
    }
  });

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
