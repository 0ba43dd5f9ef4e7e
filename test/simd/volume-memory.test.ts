import { expect, test } from "vitest";
import { rescale } from "../../src/dicom/rescale.ts";
import { binarizePerSlice } from "../../src/lungs/binarize.ts";
import { kernels, kernelsFor, separateKernels, withoutKernels } from "../../src/simd/kernels.ts";
import { VolumeMemory } from "../../src/simd/volume-memory.ts";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import type { Triple } from "../../src/volume/volume.ts";
import { seeded } from "../helpers/random.ts";

const SPACING: Triple = [2, 0.7, 0.7];

function noise(length: number): Int16Array {
  const random = seeded(length);
  return Int16Array.from({ length }, () => Math.floor(random() * 2000) - 1200);
}

test("the kernels find the same in it as in a volume elsewhere, and leave the voxels as they are", async () => {
  const memory = new VolumeMemory();
  // Shrinking, growing, and a slice that needs more scratch than there is beside the voxels.
  for (const shape of [
    [3, 40, 40],
    [2, 9, 33],
    [6, 64, 70],
    [1, 180_000, 32],
  ] satisfies Triple[]) {
    const voxels = noise(shape[0] * shape[1] * shape[2]);
    const expected = binarizePerSlice({ voxels, shape, spacing: SPACING, affine: affineFromSpacing(SPACING) });
    await memory.use(async (allocate) => {
      const held = allocate(voxels.length);
      expect(held.length).toBe(voxels.length);
      held.set(voxels);
      const found = binarizePerSlice({ voxels: held, shape, spacing: SPACING, affine: affineFromSpacing(SPACING) });
      expect(found.equals(expected)).toBe(true);
      expect(Buffer.compare(Buffer.from(held.slice().buffer), Buffer.from(voxels.buffer))).toBe(0);
    });
  }
});

test("the kernels work in it without a copy", async () => {
  await new VolumeMemory().use(async (allocate) => {
    const slice = allocate(64).subarray(16, 32);
    const own = kernelsFor(slice);
    expect(own).not.toBe(kernels());
    own?.begin();
    expect(own?.lend(slice)).toBe(slice.byteOffset);
  });
});

test.each([
  [true, -1024],
  [false, -1024],
  [true, -30_000],
  [false, 20_000],
])(
  "rescaling in it (signed: %s, offset %i) gives what it gives elsewhere, at the borders of int16 too",
  async (signed, intercept) => {
    const elsewhere = Int16Array.from(noise(101), (v, i) => (i % 7 === 0 ? 32767 - i : v));
    await new VolumeMemory().use(async (allocate) => {
      const held = allocate(200).subarray(50, 151);
      held.set(elsewhere);
      expect(rescale(held, { slope: 1, intercept, signed })).toBe(rescale(elsewhere, { slope: 1, intercept, signed }));
      expect([...held]).toEqual([...elsewhere]);
    });
  },
);

test("is used by one at a time, and again after a failure", async () => {
  const memory = new VolumeMemory();
  await memory.use(async () => {
    await expect(memory.use(async () => 1)).rejects.toThrow(/in use/);
  });
  await expect(memory.use(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await memory.use(async () => 2)).toBe(2);
});

test("a volume that is too large for the kernels' memory lies elsewhere", () => {
  expect(separateKernels()?.holdVoxels(2 ** 32)).toBeUndefined();
  expect(separateKernels()?.holdVoxels(2 ** 16)).toHaveLength(2 ** 16);
});

test("gives memory without WebAssembly, too", async () => {
  await new VolumeMemory().use(async (allocate) => {
    withoutKernels(() => {
      const large = allocate(50);
      expect(large.length).toBe(50);
      expect(allocate(20).buffer).toBe(large.buffer);
    });
  });
});
