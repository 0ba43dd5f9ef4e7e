import { expect, test } from "vitest";
import { affineFromSpacing } from "../../src/volume/affine.ts";
import { checkVolume, type Triple, voxelCount, voxelVolume } from "../../src/volume/volume.ts";

const volume = (shape: Triple, spacing: Triple, voxels = 6) => ({
  voxels: new Int16Array(voxels),
  shape,
  spacing,
  affine: affineFromSpacing([1, 1, 1]),
});

test("the voxel volume is a product of singles", () => {
  expect(voxelCount([2, 3, 4])).toBe(24);
  expect(voxelVolume([2.5, 0.5, 0.25])).toBe(0.3125);
  // np.float32([8.889, 4.978, 4.978]).prod(); a product of doubles, rounded, would end in 4267578125.
  expect(voxelVolume([8.889, 4.978, 4.978])).toBe(220.2737274169922);
});

test("a volume whose parts fit passes", () => {
  expect(() => checkVolume(volume([1, 2, 3], [1, 0.5, 0.5]))).not.toThrow();
});

test.each([
  [volume([0, 2, 3], [1, 1, 1]), /three positive integers for shape/],
  [volume([1.5, 2, 2], [1, 1, 1]), /three positive integers for shape/],
  [volume([1, 2, 3], [0, 1, 1]), /three positive numbers \(mm\) for spacing/],
  [volume([1, 2, 3], [1, Number.NaN, 1]), /three positive numbers \(mm\) for spacing/],
  [volume([1, 2, 3], [1, 1, Infinity]), /three positive numbers \(mm\) for spacing/],
  [volume([1, 2, 3], [1, 1, 1], 5), /6 values \(1 × 2 × 3\) for voxels but received 5/],
])("one whose parts do not fit is refused (%#)", (broken, message) => {
  expect(() => checkVolume(broken)).toThrow(message);
});
