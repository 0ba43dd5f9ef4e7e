import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CaseManifest } from "../../src/case/manifest.ts";
import { encodeNifti } from "../../src/formats/nifti.ts";
import { readImage } from "../../src/node/read-image.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { type Affine, indexToPatient } from "../../src/volume/affine.ts";
import type { Triple, Volume } from "../../src/volume/volume.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { withoutDoubts } from "../helpers/doubts.ts";
import { SMALL, writePose } from "../helpers/luna.ts";

let pleura: BuiltCli;
let root: string;
let out: string;
/** The lungs that the pipeline finds by itself: 1 right, 2 left. */
let found: Volume<Int16Array>;
let usual: Buffer;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-given-"));
  const phantom = makePhantom(SMALL);
  writePose(join(root, "scans/a"), phantom, "supine", "1.2.1");
  writePose(join(root, "scans/b"), phantom, "prone", "1.2.2");
  await pleura.run("prep", join(root, "scans"), "--out", join(root, "usual"));
  found = (await readImage(join(root, "usual/a_lungs.nii.gz"))).volume;
  usual = await readFile(join(root, "usual/a_clean.npy"));
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  out = await mkdtemp(join(root, "out-"));
  await mkdir(join(out, "masks"));
});

/** Writes a mask with other labels, or on another grid. */
async function write(
  name: string,
  of: (label: number) => number,
  grid: Partial<Volume<Int16Array>> = {},
): Promise<void> {
  const volume = { ...found, voxels: found.voxels.map(of), ...grid };
  await writeFile(join(out, "masks", name), gzipSync(encodeNifti(volume), { level: 1 }));
}
const prep = (scans: string, ...flags: string[]) =>
  pleura.run("prep", join(root, scans), "--lungs", join(out, "masks"), "--out", out, ...flags);
const manifestOf = async (name: string) =>
  JSON.parse(await readFile(join(out, `${name}.json`), "utf8")) as CaseManifest;
const isUsual = async (name: string) => usual.equals(await readFile(join(out, `${name}_clean.npy`)));

describe("the same lungs give the same clean, whatever the mask is", () => {
  test("outputs of an earlier run, also of a patient who was turned", async () => {
    const { status, stderr } = await pleura.run(
      "prep",
      join(root, "scans"),
      "--lungs",
      join(root, "usual"),
      "--out",
      out,
    );
    expect([status, await isUsual("a"), await isUsual("b")]).toEqual([0, true, true]);
    expect(stderr).not.toContain("mask-");
    const { lungs, given, parameters } = await manifestOf("a");
    expect(lungs.rightMl).toBe(
      (JSON.parse(await readFile(join(root, "usual/a.json"), "utf8")) as CaseManifest).lungs.rightMl,
    );
    expect(Object.keys(given!)).toEqual(["series", "lungs"]);
    expect(parameters).toMatchObject({ lungs: {}, mask: { labels: "recognised" } });
  });

  test.each([
    ["lungmask, by the name of the case", "a.nii.gz", (v: number) => v, []],
    ["LUNA16's labels, by series", "1.2.1.nii.gz", (v: number) => (v === 0 ? 0 : v + 2), []],
    ["TotalSegmentator's labels", "a_seg.nii.gz", (v: number) => [0, 13, 10][v]!, []],
    ["one label for both", "a-mask.nii.gz", (v: number) => Math.min(v, 1), []],
    [
      "labels that the user names",
      "a.nii.gz",
      (v: number) => 3 * v + 30 * Number(v > 0),
      ["--lung-labels", "right=33,left=36"],
    ],
  ])("%s", async (_, name, of, flags) => {
    await write(name, of);
    const { status, stderr } = await prep("scans/a", ...flags);
    expect([status, withoutDoubts(stderr), await isUsual("a")]).toEqual([0, "", true]);
  });

  test("TotalSegmentator's images of the lobes, in a folder of the case", async () => {
    await mkdir(join(out, "masks/a"));
    await write("a/lung_lower_lobe_left.nii.gz", (v) => Number(v === 2));
    await write("a/lung_upper_lobe_left.nii.gz", () => 0);
    await write("a/lung_middle_lobe_right.nii.gz", (v) => Number(v === 1));
    await write("a/heart.nii.gz", () => 1);
    expect([(await prep("scans/a")).status, await isUsual("a")]).toEqual([0, true]);
  });

  test("a mask that lies turned in its file", async () => {
    const [nz, ny, nx] = found.shape;
    const corner = indexToPatient(found.affine, [0, ny - 1, nx - 1]);
    const affine = found.affine.map((v, i) =>
      [2, 5].includes(i) ? -v : (corner[[3, 7, 11].indexOf(i)] ?? v),
    ) as unknown as Affine;
    const voxels = found.voxels.slice();
    for (let z = 0; z < nz; z++) voxels.subarray(z * ny * nx, (z + 1) * ny * nx).reverse();
    await write("a.nii.gz", (v) => v, { voxels, affine });
    expect([(await prep("scans/a")).status, await isUsual("a")]).toEqual([0, true]);
  });
});

describe("another grid", () => {
  test("is resampled by nearest neighbour, and said so", async () => {
    const [nz, ny, nx] = found.shape.map((n) => Math.floor(n / 2)) as [number, number, number];
    const voxels = new Int16Array(nz * ny * nx);
    const at = (z: number, y: number, x: number) => found.voxels[(z * found.shape[1] + y) * found.shape[2] + x]!;
    for (let i = 0; i < voxels.length; i++) {
      const [z, y, x] = [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx];
      voxels[i] = at(2 * z, 2 * y, 2 * x);
    }
    const shape: Triple = [nz, ny, nx];
    const affine = found.affine.map((v, i) => (i % 4 < 3 && i < 12 ? 2 * v : v)) as unknown as Affine;
    await write("a.nii.gz", (v) => v, { voxels, shape, affine, spacing: [12.8, 6.4, 6.4] });
    const { status, stderr } = await prep("scans/a");
    expect([status, stderr]).toEqual([0, expect.stringMatching(/warning mask-resampled \(25 × 56 × 56 voxels/)]);
    const [coarse, fine] = [(await manifestOf("a")).lungs.totalMl, found.voxels.filter((v) => v > 0).length * 0.0655];
    expect(Math.abs(coarse / fine - 1)).toBeLessThan(0.05);
  });

  test("that does not cover the scan is refused, and so is one that lies elsewhere", async () => {
    const affine = found.affine.map((v, i) => (i === 11 ? v + 50 : v)) as unknown as Affine;
    await write("a.nii.gz", (v) => v, { affine });
    const { status, stdout } = await prep("scans/a");
    expect([status, stdout]).toEqual([1, expect.stringMatching(/lungs: .*50\.0 mm beyond it; limit: one voxel/)]);
    expect((await readdir(out)).filter((name) => name.startsWith("a"))).toEqual([]);
  });
});

describe("a mask that cannot be used fails its case", () => {
  test("when there is none, with what was looked for", async () => {
    await write("a.nii.gz", (v) => v);
    const { status, stdout } = await prep("scans");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^a {2}done/m);
    expect(stdout).toMatch(
      /^b {2}failed {2}lungs: .*no lung mask for this case.*none of them the case's or its series'/m,
    );
  });

  test("when there are several", async () => {
    await write("a.nii.gz", (v) => v);
    await write("a_lungs.nii.gz", (v) => v);
    expect((await prep("scans/a")).stdout).toMatch(
      /failed {2}lungs: .*Several lung masks .*measured: 2 masks; limit: one/,
    );
  });

  test("when sides are exchanged, with the option that goes on", async () => {
    await write("a.nii.gz", (v) => [0, 2, 1][v]!);
    const { status, stdout } = await prep("scans/a");
    expect([status, stdout]).toEqual([
      1,
      expect.stringMatching(/to the left of the left lung's.*--lung-labels right=1,left=2/),
    ]);
    expect([(await prep("scans/a", "--lung-labels", "right=2,left=1")).status, await isUsual("a")]).toEqual([0, true]);
  });

  test("when it is empty or no image", async () => {
    await write("a.nii.gz", () => 0);
    expect((await prep("scans/a")).stdout).toMatch(/failed {2}lungs: .*background only/);
    await writeFile(join(out, "masks/a.nii.gz"), "no image");
    expect((await prep("scans/a")).stdout).toMatch(/failed {2}lungs: .*This is no NIfTI image/);
  });
});

test("one file is one case's", async () => {
  await write("any.nii.gz", (v) => v);
  const file = join(out, "masks/any.nii.gz");
  const one = await pleura.run("prep", join(root, "scans/a"), "--lungs", file, "--out", out);
  expect([one.status, await isUsual("a")]).toEqual([0, true]);
  const two = await pleura.run("prep", join(root, "scans"), "--lungs", file, "--out", out);
  expect([two.status, two.stderr]).toEqual([2, expect.stringMatching(/a folder, since there are 2 cases/)]);
  const none = await pleura.run("prep", join(root, "scans/a"), "--lungs", join(out, "nowhere"), "--out", out);
  expect([none.status, none.stderr]).toEqual([2, expect.stringContaining("no such lung masks")]);
});

test("a mask with another name of its own case's outputs is found in folders of any depth of use", async () => {
  // Outputs of a run with --stages hold masks of every stage: only the lungs are taken.
  await cp(join(root, "usual/a_lungs.nii.gz"), join(out, "masks/a_lungs.nii.gz"));
  await write("a_lung1.nii.gz", () => 1);
  await write("a_dilated1.nii.gz", () => 1);
  expect([(await prep("scans/a")).status, await isUsual("a")]).toEqual([0, true]);
});
