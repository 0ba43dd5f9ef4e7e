import { describe, expect, test } from "vitest";
import { lungSides } from "../../src/lungs/sides.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { segmentLungs } from "../../src/pipeline/segment-lungs.ts";
import { isAtLeast, judgeLungs } from "../../src/quality/verdict.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";

const scan = makePhantom({ size: 192, slices: 80, spacing: [3.75, 1.7, 1.7] });
const { right, left } = lungSides(scan, segmentLungs(scan));
const [nz, ny, nx] = scan.shape;
const codes = (masks: { right: BitVolume; left: BitVolume }) => {
  const { verdict, reasons } = judgeLungs(scan, masks);
  return { verdict, codes: reasons.map(({ code }) => code) };
};
/** A part of a mask. */
function part(mask: BitVolume, isIn: (z: number, y: number, x: number) => boolean): BitVolume {
  const out = new BitVolume(mask.shape);
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) if (isIn(z, y, x) && mask.get(z, y, x)) out.set(z, y, x);
    }
  }
  return out;
}
const slices = Array.from({ length: nz }, (_, z) => z).filter((z) => part(right, (k) => k === z).count() > 0);
const [low, high] = [slices[0]!, slices.at(-1)!];

test("sound lungs are good, and all that was measured is told", () => {
  const { verdict, reasons, measurements } = judgeLungs(scan, { right, left });
  expect({ verdict, reasons }).toEqual({ verdict: "good", reasons: [] });
  expect(measurements.volumeRatio).toBeGreaterThan(0.8);
  expect(measurements.meanHu[0]).toBeLessThan(-700);
});

describe("is not good", () => {
  test("when one lung is missing", () => {
    expect(codes({ right, left: new BitVolume(left.shape) })).toMatchObject({
      verdict: "bad",
      codes: expect.arrayContaining(["one-lung", "lung-outside"]),
    });
  });
  test("when right and left are exchanged", () => {
    expect(codes({ right: left, left: right })).toMatchObject({
      verdict: "bad",
      codes: expect.arrayContaining(["sides-unusual"]),
    });
  });
  test("when the base of one lung is missing", () => {
    const cut = part(right, (z) => z > low + (high - low) / 4);
    expect(codes({ right: cut, left })).toMatchObject({
      codes: expect.arrayContaining(["lung-outside", "bases-apart"]),
    });
  });
  test("when a lung was torn in two and called right and left", () => {
    const middle = (low + high) / 2;
    const [lower, upper] = [part(right, (z) => z < middle), part(right, (z) => z >= middle)];
    expect(codes({ right: lower, left: upper }).verdict).toBe("bad");
  });
  test("when the values are off", () => {
    const brighter = { ...scan, voxels: scan.voxels.map((hu) => hu + 150) };
    const { reasons } = judgeLungs(brighter, { right, left });
    expect(reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["air-off-calibration", "fat-off-calibration"]),
    );
  });
});

test("verdicts are ordered", () => {
  expect([isAtLeast("good", "doubtful"), isAtLeast("doubtful", "doubtful"), isAtLeast("bad", "doubtful")]).toEqual([
    true,
    true,
    false,
  ]);
});
