import { expect, test } from "vitest";
import { maskFrame } from "../../src/pictures/mask-frame.ts";
import { maskProfile } from "../../src/pictures/mask-profile.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Triple } from "../../src/volume/volume.ts";

const shape: Triple = [20, 50, 60];
const volume = { shape, spacing: [4, 2, 1] as const };
const mask = new BitVolume(shape);
mask.set(5, 20, 30);
mask.set(6, 24, 33);
const profile = maskProfile([mask]);

test("frames the masks with the margin, in pixels of the picture, the head at the top", () => {
  const options = { margin: 6, millimetres: 2 };
  // Columns 30 to 34 of 1 mm are pixels 15 to 17 of 2 mm; rows 20 to 25 of 2 mm are 20 to 25.
  expect(maskFrame(volume, profile, "axial", options)).toEqual({ left: 12, top: 17, width: 8, height: 11 });
  // Slices 5 to 7 of 4 mm are pixels 10 to 14 from the feet, of 40.
  expect(maskFrame(volume, profile, "coronal", options)).toEqual({ left: 12, top: 23, width: 8, height: 10 });
  expect(maskFrame(volume, profile, "sagittal", options)).toEqual({ left: 17, top: 23, width: 11, height: 10 });
});

test("ends where the picture does, and is all of it for an empty mask", () => {
  const all = { left: 0, top: 0, width: 60, height: 100 };
  expect(maskFrame(volume, profile, "axial", { margin: 500 })).toEqual(all);
  expect(maskFrame(volume, maskProfile([new BitVolume(shape)]), "axial")).toEqual(all);
});
