import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lungDensities } from "../../src/lungs/density.ts";
import { BitVolume } from "../../src/volume/bit-volume.ts";
import { hasModules, PYTHON } from "../helpers/programs.ts";

const SHAPE = [3, 5, 70] as const;
const SPACING = [2, 0.5, 0.5] as const;
const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] as const;

/** Values and masks that differ in every row, from a fixed sequence. */
function example() {
  const size = SHAPE[0] * SHAPE[1] * SHAPE[2];
  let seed = 7;
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648;
  };
  const voxels = Int16Array.from({ length: size }, () => Math.round(-1100 + 1000 * random()));
  const right = Uint8Array.from({ length: size }, (_, i) => Number(i % SHAPE[2] < 33 && random() < 0.7));
  const left = Uint8Array.from({ length: size }, (_, i) => Number(i % SHAPE[2] >= 33 && random() < 0.3));
  return { voxels, right, left };
}

function measured({ voxels, right, left }: ReturnType<typeof example>) {
  const volume = { shape: SHAPE, spacing: SPACING, affine: IDENTITY, voxels };
  return lungDensities(volume, { right: BitVolume.fromBytes(SHAPE, right), left: BitVolume.fromBytes(SHAPE, left) });
}

describe("densities of the lungs", () => {
  test("of values that are easy to count", () => {
    const voxels = Int16Array.from([-1000, -960, -950, -940, -911, -910, -600, -250, -249, 40]);
    const shape = [1, 1, 10] as const;
    const volume = { shape, spacing: [10, 10, 10] as const, affine: IDENTITY, voxels };
    const all = BitVolume.fromBytes(shape, Array(10).fill(1));
    const { right, left, both } = lungDensities(volume, { right: all, left: new BitVolume(shape) });
    expect(left).toBeNull();
    expect(both).toEqual(right);
    expect(right).toMatchObject({ voxels: 10, laa950: 20, laa910: 50, haa: 20, meanHu: -673 });
    expect(right!.percentilesHu).toEqual({
      p5: -1000,
      p10: -1000,
      p15: -960,
      p25: -950,
      p50: -911,
      p75: -250,
      p90: -249,
      p95: 40,
    });
    // 40, 50, 60, 89, 90, 400, 750, 751 and 1040 mg in millilitres.
    expect(right!.massG).toBe(3.27);
  });

  test.skipIf(!hasModules("numpy"))("equal numpy's", () => {
    const given = example();
    const folder = mkdtempSync(join(tmpdir(), "pleura-density-"));
    try {
      for (const [name, array] of Object.entries(given)) writeFileSync(join(folder, name), array);
      const script = `
import json, sys, numpy as np
v = np.fromfile(sys.argv[1] + "/voxels", "<i2").astype(float)
m = {n: np.fromfile(sys.argv[1] + "/" + n, "u1") > 0 for n in ("right", "left")}
m["both"] = m["right"] | m["left"]
out = {}
for n, mask in m.items():
    h = v[mask]
    out[n] = dict(voxels=int(h.size), meanHu=round(float(h.mean()), 2), sdHu=round(float(h.std()), 2),
        percentilesHu={f"p{p}": float(np.percentile(h, p, method="inverted_cdf")) for p in (5, 10, 15, 25, 50, 75, 90, 95)},
        laa950=round(float(100 * (h < -950).mean()), 3), laa910=round(float(100 * (h < -910).mean()), 3),
        haa=round(float(100 * ((h >= -600) & (h <= -250)).mean()), 3),
        massG=round(float((np.maximum(h + 1000, 0) / 1000).sum() * 0.5 / 1000), 2))
print(json.dumps(out))`;
      const told = JSON.parse(execFileSync(PYTHON, ["-c", script, folder], { encoding: "utf8" }));
      expect(measured(given)).toEqual(told);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
