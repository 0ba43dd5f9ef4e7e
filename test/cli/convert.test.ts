import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readSeries } from "../../src/node/read-series.ts";
import { indexToPatient } from "../../src/volume/affine.ts";
import { putSeries, SLICES, seriesFiles } from "../helpers/archive.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";

const DCM2NIIX = spawnSync("dcm2niix", ["--version"]).error === undefined;
let pleura: BuiltCli;
let root: string;
let out: string;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-convert-"));
  putSeries(join(root, "scan"), { patient: "id-4711" });
}, 60_000);
afterAll(() => rm(root, { recursive: true, force: true }));
beforeEach(async () => {
  out = await mkdtemp(join(root, "out-"));
});

const convert = (...args: string[]) => pleura.run("convert", ...args);

describe("pleura convert", () => {
  test.each([".nii", ".nii.gz", ".mha", ".nrrd"])(
    "writes the scan as %s, in Hounsfield units and in its place",
    async (ending) => {
      const file = join(out, `scan${ending}`);
      const { status, stdout } = await convert(join(root, "scan"), file);
      expect(status).toBe(0);
      expect(stdout).toContain(`${SLICES} × 64 × 64 voxels of 8 × 5 × 5 mm`);
      const [scan, again] = [await readSeries(join(root, "scan")), await readSeries(file)];
      expect(again.shape).toEqual(scan.shape);
      expect(again.voxels).toEqual(scan.voxels);
      for (const corner of [
        [0, 0, 0],
        [SLICES - 1, 63, 63],
      ] as const) {
        const [a, b] = [indexToPatient(scan.affine, corner), indexToPatient(again.affine, corner)];
        for (const axis of [0, 1, 2] as const) expect(b[axis]).toBeCloseTo(a[axis], 3);
      }
      const bytes = await readFile(file);
      expect((ending === ".nii.gz" ? gunzipSync(bytes) : bytes).includes("4711")).toBe(false);
      expect(await readdir(out)).toEqual([`scan${ending}`]);
    },
  );

  test("prints findings, and refuses missing slices unless they may be interpolated", async () => {
    const gap = join(root, "gap");
    putSeries(gap, { patient: "id-4712", slices: [...Array(SLICES).keys()].filter((k) => k !== 10) });
    const file = join(out, "gap.nii");
    const refused = await convert(gap, file);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining("Slices are missing") });
    expect(await readdir(out)).toEqual([]);
    const filled = await convert(gap, file, "--fill-gaps");
    expect(filled).toMatchObject({ status: 0, stderr: expect.stringContaining("corrected missing-slices") });
    expect((await readSeries(file)).shape[0]).toBe(SLICES);
  });

  test("does not replace a file, write into its input or take several cases for one", async () => {
    const file = join(out, "scan.nii");
    await convert(join(root, "scan"), file);
    const before = await stat(file);
    expect(await convert(join(root, "scan"), file)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("--force"),
    });
    expect((await stat(file)).ino).toBe(before.ino);
    expect((await convert(join(root, "scan"), file, "--force")).status).toBe(0);
    const inside = join(root, "scan/scan.nii");
    expect(await convert(join(root, "scan"), inside)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("outside"),
    });
    expect(await convert(join(root, "scan"), join(out, "scan.jpg"))).toMatchObject({ status: 2 });

    const two = join(out, "two");
    for (const patient of ["id-1", "id-2"]) putSeries(join(two, patient), { patient });
    expect(await convert(two, join(out, "two.nii"))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("2 cases"),
    });
    expect((await readdir(out)).sort()).toEqual(["scan.nii", "two"]);
  });

  test("joins a series that lies in several folders with --by series", async () => {
    const files = [...seriesFiles({ patient: "id-4711" }).keys()];
    const parts = join(out, "parts");
    for (const [k, name] of files.entries()) {
      const folder = join(parts, `${k % 3}`);
      await mkdir(folder, { recursive: true });
      await cp(join(root, "scan", name), join(folder, name));
    }
    expect((await convert(parts, join(out, "parts.nii"))).status).toBe(2);
    expect((await convert(parts, join(out, "parts.nii"), "--by", "series")).status).toBe(0);
    expect((await readSeries(join(out, "parts.nii"))).voxels).toEqual((await readSeries(join(root, "scan"))).voxels);
  });

  test.skipIf(!DCM2NIIX)("writes what dcm2niix writes", async () => {
    expect(
      spawnSync("dcm2niix", ["-b", "n", "-z", "n", "-m", "y", "-f", "theirs", "-o", out, join(root, "scan")]).status,
    ).toBe(0);
    await convert(join(root, "scan"), join(out, "ours.nii"));
    const [ours, theirs] = [await readSeries(join(out, "ours.nii")), await readSeries(join(out, "theirs.nii"))];
    expect(theirs.voxels).toEqual(ours.voxels);
    for (const [i, value] of ours.affine.entries()) expect(theirs.affine[i]).toBeCloseTo(value, 3);
  });
});
