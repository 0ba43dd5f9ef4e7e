import { expect, test } from "vitest";
import { BONE_HU, bones } from "../../src/surface/bones.ts";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import type { Triple } from "../../src/volume/volume.ts";

test("bones are what is denser than 400 HU, in pieces of at least half a millilitre", () => {
  const shape: Triple = [12, 12, 40];
  const spacing: Triple = [1, 1, 1];
  const voxels = new Int16Array(12 * 12 * 40);
  const fill = (from: number, to: number, side: number, hu: number) => {
    for (let z = 0; z < side; z++) {
      for (let y = 0; y < side; y++) voxels.fill(hu, (z * 12 + y) * 40 + from, (z * 12 + y) * 40 + to);
    }
  };
  fill(0, 8, 8, BONE_HU + 1);
  fill(10, 14, 4, 1000);
  fill(20, 30, 10, BONE_HU);
  const mask = bones({ voxels, shape, spacing, affine: affineFromSpacing(spacing) });
  expect(mask.count()).toBe(8 * 8 * 8);
  expect(mask.get(7, 7, 7)).toBe(true);
});
