import { describe, expect, test } from "vitest";
import type { LabelImage } from "../../src/masks/label-image.ts";
import { lungsFromMask, type MaskedScan } from "../../src/masks/lungs-from-mask.ts";
import { sampleLabels } from "../../src/masks/sample-labels.ts";
import type { Affine } from "../../src/volume/affine.ts";
import type { BitVolume } from "../../src/volume/bit-volume.ts";
import { type Triple, voxelCount } from "../../src/volume/volume.ts";
import { numbers, readGolden } from "../helpers/npz.ts";

const golden = readGolden("training/masks");
const affineOf = (name: string) => [...numbers(golden(name)), 0, 0, 0, 1] as unknown as Affine;

function goldenImage(name: string): LabelImage {
  const { shape, data } = golden(`${name}.image`);
  return {
    voxels: Int16Array.from(data as Uint8Array),
    shape: shape as unknown as Triple,
    affine: affineOf(`${name}.affine`),
    oriented: true,
  };
}

const SHAPE = golden("coarse.sampled").shape as unknown as Triple;
const AFFINE = affineOf("scan");
const SCAN: MaskedScan = {
  shape: SHAPE,
  affine: AFFINE,
  spacing: [4, 1.5, 1.5],
  stored: { shape: SHAPE, affine: AFFINE, even: true },
};

/** The labels of the golden, on the scan's own grid. */
function ownGrid(change: (label: number, x: number) => number = (label) => label): LabelImage {
  const voxels = Int16Array.from(numbers(golden("coarse.sampled")), (label, i) => change(label, i % SHAPE[2]));
  return { voxels, shape: SHAPE, affine: AFFINE, oriented: true };
}

const bytesOf = (...masks: readonly BitVolume[]) =>
  masks.map((mask, i) => mask.toBytes(i + 1)).reduce((sum, bytes) => sum.map((v, i) => v + bytes[i]!));

describe.each(["coarse", "turned", "oblique"])("a mask on another grid: %s", (name) => {
  test("takes the nearest voxel's label, as scipy does", () => {
    const { masks, aligned } = sampleLabels(goldenImage(name), [[1], [2]], SCAN, "m");
    expect(aligned).toBe(false);
    expect([...bytesOf(...masks)]).toEqual(numbers(golden(`${name}.sampled`)));
  });

  test("gives two lungs by side", () => {
    const { lungs, sides, set, aligned } = lungsFromMask(goldenImage(name), SCAN, undefined, "m");
    expect([set, aligned, lungs.separated]).toEqual(["right 1, left 2 (pleura, lungmask)", false, true]);
    expect([...bytesOf(sides.right, sides.left)]).toEqual(numbers(golden(`${name}.sampled`)));
  });
});

describe("a mask on the scan's own grid", () => {
  test("is taken voxel by voxel", () => {
    const image = ownGrid();
    const { sides, aligned } = lungsFromMask(image, SCAN, undefined, "m");
    expect(aligned).toBe(true);
    expect([...bytesOf(sides.right, sides.left)]).toEqual([...image.voxels]);
  });

  test("may lie turned in its file", () => {
    const image = ownGrid();
    const [nz, ny, nx] = SHAPE;
    const voxels = image.voxels.map((_, i) => {
      const [z, y, x] = [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx];
      return image.voxels[(z * ny + ny - 1 - y) * nx + nx - 1 - x]!;
    });
    const affine = AFFINE.map((value, i) => {
      if (i === 2 || i === 5) return -value;
      if (i === 3) return value + AFFINE[2] * (nx - 1);
      return i === 7 ? value + AFFINE[5] * (ny - 1) : value;
    }) as unknown as Affine;
    expect(nz).toBeGreaterThan(1);
    const { sides, aligned } = lungsFromMask({ ...image, voxels, affine }, SCAN, undefined, "m");
    expect(aligned).toBe(true);
    expect([...bytesOf(sides.right, sides.left)]).toEqual([...image.voxels]);
  });

  test("that does not say where it lies is taken for the stored slices, if it has their shape", () => {
    const image = {
      ...ownGrid(),
      affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] as unknown as Affine,
      oriented: false,
    };
    const { sides, assumed } = lungsFromMask(image, SCAN, undefined, "m");
    expect(assumed).toBe(true);
    expect([...bytesOf(sides.right, sides.left)]).toEqual([...image.voxels]);
    const other = {
      ...image,
      voxels: image.voxels.subarray(0, voxelCount([13, SHAPE[1], SHAPE[2]])),
      shape: [13, SHAPE[1], SHAPE[2]] as const,
    };
    expect(() => lungsFromMask(other, SCAN, undefined, "m")).toThrow(/13 × 30 × 40; limit: 14 × 30 × 40/);
  });

  test("of one label comes apart into its two parts, and every voxel stays", () => {
    const image = ownGrid((label) => (label === 0 ? 0 : 1));
    // A speck beside the left lung.
    image.voxels[(3 * SHAPE[1] + 2) * SHAPE[2] + SHAPE[2] - 2] = 1;
    const { sides, lungs } = lungsFromMask(image, SCAN, undefined, "m");
    const both = ownGrid();
    expect(sides.right.count()).toBe(both.voxels.filter((v) => v === 1).length);
    expect(sides.left.count()).toBe(both.voxels.filter((v) => v === 2).length + 1);
    expect(lungs.lung1.union(lungs.lung2).toBytes()).toEqual(Uint8Array.from(image.voxels));
  });

  test("of one label that holds one lung stays one lung", () => {
    const image = ownGrid((label) => (label === 2 ? 9 : 0));
    const { sides, lungs } = lungsFromMask(image, SCAN, undefined, "m");
    expect(lungs.separated).toBe(false);
    expect([sides.right.count(), sides.left.toBytes()]).toEqual([
      0,
      Uint8Array.from(image.voxels, (v) => Number(v > 0)),
    ]);
  });

  test("may have the labels that the user names", () => {
    const image = ownGrid((label) => (label === 0 ? 0 : label + 20));
    expect(() => lungsFromMask(image, SCAN, undefined, "m")).toThrow(/labels 21, 22/);
    const { sides, set } = lungsFromMask(image, SCAN, { right: [21], left: [22] }, "m");
    expect(set).toBe("given");
    expect([...bytesOf(sides.right, sides.left)]).toEqual([...ownGrid().voxels]);
  });
});

describe("a mask is refused", () => {
  const moved = (by: number, axis: 0 | 1 | 2): LabelImage => {
    const image = ownGrid();
    const affine = image.affine.map((value, i) => (i === 4 * axis + 3 ? value + by : value)) as unknown as Affine;
    return { ...image, affine };
  };

  test("when it does not cover the scan, with how far that reaches beyond it", () => {
    expect(() => lungsFromMask(moved(30, 0), SCAN, undefined, "m.nii")).toThrow(
      expect.objectContaining({ code: "mask-misfit", file: "m.nii", measured: "the scan reaches 30.0 mm beyond it" }),
    );
    expect(() => lungsFromMask(moved(-9, 2), SCAN, undefined, "m")).toThrow(/9\.0 mm/);
  });

  test("but not for less than one voxel", () => {
    expect(lungsFromMask(moved(0.7, 0), SCAN, undefined, "m").aligned).toBe(false);
    expect(lungsFromMask(moved(1e-4, 0), SCAN, undefined, "m").aligned).toBe(true);
  });

  test("when a part of the lungs lies outside the scan", () => {
    const upper: MaskedScan = { ...SCAN, shape: [7, SHAPE[1], SHAPE[2]] };
    expect(() => lungsFromMask(ownGrid(), upper, undefined, "m")).toThrow(/[2-9]\d\.\d % of the lungs/);
  });

  test("when it holds background only, negative values, or too many of them", () => {
    const code = (wanted: string) => expect.objectContaining({ code: wanted });
    expect(() =>
      lungsFromMask(
        ownGrid(() => 0),
        SCAN,
        undefined,
        "m",
      ),
    ).toThrow(code("empty-mask"));
    expect(() =>
      lungsFromMask(
        ownGrid((v) => v - 1),
        SCAN,
        undefined,
        "m",
      ),
    ).toThrow(code("unsupported-pixels"));
    const grey = ownGrid();
    grey.voxels.forEach((_, i) => {
      grey.voxels[i] = i % 999;
    });
    expect(() => lungsFromMask(grey, SCAN, undefined, "m")).toThrow(/998 different values/);
  });
});
