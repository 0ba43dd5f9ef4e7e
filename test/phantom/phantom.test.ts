import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { makePhantom, type Phantom } from "../../src/phantom/phantom.ts";
import { indexToPatient, patientToIndex } from "../../src/volume/affine.ts";
import { checkVolume } from "../../src/volume/volume.ts";

const small = makePhantom({ size: 128, slices: 40 });

function valueAt({ voxels, shape, affine }: Phantom, left: number, posterior: number, superior: number): number {
  const [z, y, x] = patientToIndex(affine, [left, posterior, superior]).map(Math.round) as [number, number, number];
  return voxels[(z * shape[1] + y) * shape[2] + x]!;
}

describe("makePhantom", () => {
  test("gives the same voxels on every platform", () => {
    const digest = createHash("sha256").update(new Uint8Array(small.voxels.buffer)).digest("hex");
    expect(digest).toBe("edd9af7388cf89be4354ec3d9af20bafa65d0f17c9418d5615aa285203374fcf");
  });

  test("gives other vessels, nodules and noise for another seed, in the same body", () => {
    const other = makePhantom({ size: 128, slices: 40, seed: 2 });
    expect(Buffer.compare(Buffer.from(other.voxels.buffer), Buffer.from(small.voxels.buffer))).not.toBe(0);
    expect(other.truth.nodules).not.toEqual(small.truth.nodules);
    expect(other.truth.lungVolumes).toEqual(small.truth.lungVolumes);
  });

  test("shows the whole chest by default, and x, y, z lead to the left, the back and the head", () => {
    const { shape, spacing, affine } = makePhantom();
    expect(shape).toEqual([100, 256, 256]);
    expect(spacing).toEqual([3.2, 1.4, 1.4]);
    expect(indexToPatient(affine, [0, 0, 0])).toEqual([-178.5, -178.5, -316.8]);
    const [left, posterior, superior] = indexToPatient(affine, [99, 255, 255]);
    expect([left, posterior, superior].map((v) => Math.round(v * 1000) / 1000)).toEqual([178.5, 178.5, 0]);
  });

  test("holds together as a volume, all values possible ones", () => {
    checkVolume(small);
    expect(small.voxels.every((v) => v === -2048 || (v >= -1024 && v < 1500))).toBe(true);
  });

  test("has padding outside the circle of square slices, one value in each corner", () => {
    for (let z = 0; z < 40; z++) {
      for (let y = 0; y < 10; y++) {
        for (let x = 0; x < 10; x++) expect(small.voxels[(z * 128 + y) * 128 + x]).toBe(-2048);
      }
    }
    expect(valueAt(small, 0, -178, -160)).toBeGreaterThanOrEqual(-1024);
  });

  test("has no padding in slices that are not square", () => {
    const { voxels, shape } = makePhantom({ size: [100, 120], slices: 30 });
    expect(shape).toEqual([30, 100, 120]);
    expect(voxels.every((v) => v >= -1024)).toBe(true);
  });

  test("has its organs where they belong", () => {
    expect(valueAt(small, -80, 0, -160)).toBeLessThan(-700); // right lung
    expect(valueAt(small, 95, 10, -160)).toBeLessThan(-700); // left lung
    expect(valueAt(small, 55, -26, -208)).toBeGreaterThan(0); // heart, to the left …
    expect(valueAt(small, -80, -26, -208)).toBeLessThan(-700); // … and not to the right
    expect(valueAt(small, 0, 66, -142)).toBeGreaterThan(100); // spine, at the back
    expect(valueAt(small, 0, 14, -4)).toBeLessThan(-700); // trachea, up to the top
    expect(valueAt(small, -60, 0, -300)).toBeGreaterThan(0); // liver, at the right and below
    expect(valueAt(small, 0, -130, -160)).toBeLessThan(-900); // air in front of the body
  });

  test("has lungs of the volume that it tells, the left one smaller, whatever the grid", () => {
    const { right, left } = small.truth.lungVolumes;
    expect(left).toBeLessThan(right);
    expect(right + left).toBeGreaterThan(3000);
    const fine = makePhantom({ size: 192, slices: 64, spacing: [5, 2, 2] });
    expect(Math.abs(fine.truth.lungVolumes.right / right - 1)).toBeLessThan(0.01);
  });

  test("has its nodules where it tells", () => {
    const phantom = makePhantom({ nodules: 8, seed: 5 });
    expect(phantom.truth.nodules).toHaveLength(8);
    for (const { centre, diameter } of phantom.truth.nodules) {
      expect(valueAt(phantom, ...centre)).toBeGreaterThan(-30);
      expect(diameter).toBeGreaterThanOrEqual(6);
      expect(diameter).toBeLessThanOrEqual(22);
      const outside = diameter / 2 + 3;
      const around = [
        valueAt(phantom, centre[0] - outside, centre[1], centre[2]),
        valueAt(phantom, centre[0] + outside, centre[1], centre[2]),
        valueAt(phantom, centre[0], centre[1] - outside, centre[2]),
        valueAt(phantom, centre[0], centre[1] + outside, centre[2]),
      ];
      expect(Math.min(...around)).toBeLessThan(-700);
    }
    expect(makePhantom({ size: 64, slices: 30, nodules: 0 }).truth.nodules).toEqual([]);
  });

  test("keeps nodules balls of true size in a small field of view", () => {
    const { truth, voxels, shape, spacing, affine } = makePhantom({
      size: 256,
      slices: 60,
      spacing: [2.5, 1, 1],
      nodules: 1,
    });
    const { centre, diameter } = truth.nodules[0]!;
    const [z, y, x] = patientToIndex(affine, centre).map(Math.round) as [number, number, number];
    let solid = 0;
    const reach = Math.ceil(diameter);
    for (let dz = -reach; dz <= reach; dz++) {
      for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) {
          const squared = (dz * spacing[0]) ** 2 + (dy * spacing[1]) ** 2 + (dx * spacing[2]) ** 2;
          const value = voxels[((z + dz) * shape[1] + y + dy) * shape[2] + x + dx]!;
          if (squared < (diameter / 2 + 2) ** 2 && value > -400) solid++;
        }
      }
    }
    const ball = (Math.PI / 6) * diameter ** 3;
    expect(Math.abs((solid * spacing[0] * spacing[1] * spacing[2]) / ball - 1)).toBeLessThan(0.25);
  });

  test("without lungs is an abdomen", () => {
    const abdomen = makePhantom({ size: 128, slices: 40, lungs: false });
    expect(abdomen.truth).toEqual({ nodules: [], lungVolumes: { right: 0, left: 0 } });
    for (let superior = -312; superior <= 0; superior += 8) {
      for (const left of [-80, 95]) expect(valueAt(abdomen, left, 10, superior)).toBeGreaterThan(-200);
    }
  });

  test.each([
    [{ size: 16 }, "Expected an integer from 32 to 4096 for size but received 16"],
    [{ slices: 1 }, "slices but received 1"],
    [{ seed: 0.5 }, "seed but received 0.5"],
    [{ nodules: -1 }, "nodules but received -1"],
    [{ spacing: [1, 0, 1] as const }, "three positive numbers (mm)"],
    [{ size: 128, spacing: [5, 0.5, 0.5] as const }, "at least 250 mm"],
    [{ slices: 20, spacing: [1, 1.4, 1.4] as const }, "at least 120 mm"],
  ])("refuses %j", (options, message) => {
    expect(() => makePhantom(options)).toThrow(message);
  });
});
