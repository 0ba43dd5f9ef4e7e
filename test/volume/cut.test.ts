import { describe, expect, test } from "vitest";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import { cutMask, cutVoxels, PLANE_AXES, type Plane } from "../../src/volume/cut.ts";
import type { Triple } from "../../src/volume/volume.ts";
import { seeded } from "../helpers/random.ts";

const SHAPE: Triple = [3, 5, 37];
const volume = {
  voxels: Int16Array.from({ length: 3 * 5 * 37 }, (_, i) => i),
  shape: SHAPE,
  spacing: [2, 1, 1] as const,
  affine: affineFromSpacing([2, 1, 1]),
};
const random = seeded(1);
const mask = BitVolume.fromBytes(
  SHAPE,
  volume.voxels.map(() => Number(random() < 0.4)),
);
const cuts = (["axial", "coronal", "sagittal"] as const).flatMap((plane) =>
  Array.from({ length: SHAPE[PLANE_AXES[plane].fixed] }, (_, index) => ({ plane, index })),
);

describe("cuts", () => {
  test("have the left on the right, the front at the top or left, and the head at the top", () => {
    const at = (z: number, y: number, x: number) => (z * 5 + y) * 37 + x;
    const corners = (plane: Plane, index: number) => {
      const values = cutVoxels(volume, { plane, index });
      const width = SHAPE[PLANE_AXES[plane].across];
      return [values[0], values[width - 1], values.at(-width), values.at(-1)];
    };
    expect(corners("axial", 1)).toEqual([at(1, 0, 0), at(1, 0, 36), at(1, 4, 0), at(1, 4, 36)]);
    expect(corners("coronal", 3)).toEqual([at(2, 3, 0), at(2, 3, 36), at(0, 3, 0), at(0, 3, 36)]);
    expect(corners("sagittal", 8)).toEqual([at(2, 0, 8), at(2, 4, 8), at(0, 0, 8), at(0, 4, 8)]);
  });

  test("of a mask are those of its voxels", () => {
    const voxels = Int16Array.from(mask.toBytes());
    for (const cut of cuts) {
      const { across, down } = PLANE_AXES[cut.plane];
      const own = cutMask(mask, cut);
      expect(own.shape).toEqual([1, SHAPE[down], SHAPE[across]]);
      expect(own.equals(BitVolume.fromBytes(own.shape, cutVoxels({ ...volume, voxels }, cut)))).toBe(true);
    }
  });

  test("have memory of their own", () => {
    for (const cut of cuts) {
      cutVoxels(volume, cut).fill(-1);
      cutMask(mask, cut).words.fill(0);
    }
    expect(volume.voxels).not.toContain(-1);
    expect(mask.count()).toBeGreaterThan(100);
  });

  test.each([-1, 5, 1.5, Number.NaN])("are refused where there is no slice: %s", (index) => {
    expect(() => cutVoxels(volume, { plane: "coronal", index })).toThrow("an integer from 0 to 4 for index");
    expect(() => cutMask(mask, { plane: "coronal", index })).toThrow("an integer from 0 to 4 for index");
  });
});
