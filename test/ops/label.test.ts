import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Connectivity, labelRuns } from "../../src/ops/label.ts";
import { extractRuns } from "../../src/ops/runs.ts";
import type { BitVolume } from "../../src/volume/bit-volume.ts";
import { MASKS, type MaskCase, randomMask } from "../helpers/masks.ts";
import { label } from "../helpers/plain.ts";
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
});
