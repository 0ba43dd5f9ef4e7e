import { expect } from "vitest";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import type { Plain } from "./plain.ts";

/** Expects two masks to be equal, padding bits included; tells how many voxels differ and where the first one is. */
export function expectMask(actual: BitVolume, expected: BitVolume | Plain, name = "mask"): void {
  const wanted = expected instanceof BitVolume ? expected : BitVolume.fromBytes(expected.shape, expected.bytes);
  expect(actual.shape, name).toEqual(wanted.shape);
  if (actual.equals(wanted)) return;
  const [, ny, nx] = wanted.shape;
  const right = wanted.toBytes();
  const differing = [...actual.toBytes().entries()].filter(([i, value]) => value !== right[i]).map(([i]) => i);
  const [first] = differing;
  if (first === undefined) expect.fail(`${name}: padding bits are not 0`);
  const index = [Math.floor(first / (ny * nx)), Math.floor(first / nx) % ny, first % nx];
  expect.fail(`${name}: ${differing.length} voxels differ, the first at ${index}, where ${right[first]} is right`);
}
