import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CaseManifest } from "../../src/case/manifest.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { writeForm } from "../helpers/forms.ts";
import { SMALL } from "../helpers/luna.ts";

let pleura: BuiltCli;
let root: string;
let out: string;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-dicom-objects-"));
  out = join(root, "out");
  await writeForm(join(root, "scans/a"), makePhantom(SMALL), "feet-first");
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

const prep = (...flags: string[]) => pleura.run("prep", join(root, "scans/a"), "--out", out, ...flags);
const manifest = async () => JSON.parse(await readFile(join(out, "a.json"), "utf8")) as CaseManifest;

test("--seg and --rtstruct add files to a case, which is done again for them and not without them", async () => {
  expect(await prep()).toMatchObject({ status: 0, stdout: expect.stringMatching(/^a {2}done/m) });
  expect(Object.keys((await manifest()).outputs)).not.toContain("a_lungs.seg.dcm");
  expect(await prep("--seg", "--rtstruct")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^a {2}done/m) });
  const { outputs } = await manifest();
  for (const name of ["a_lungs.seg.dcm", "a_lungs.rtstruct.dcm"]) {
    const bytes = await readFile(join(out, name));
    expect(bytes.length).toBe(outputs[name]);
    expect(bytes.subarray(128, 132).toString()).toBe("DICM");
    // Identity is kept on purpose here, and nowhere else.
    expect(bytes.includes("P-0815")).toBe(true);
  }
  expect(await readFile(join(out, "a.json"), "utf8")).not.toContain("P-0815");
  expect(await prep("--seg", "--rtstruct")).toMatchObject({ stdout: expect.stringMatching(/^a {2}skipped/m) });
  expect(await prep()).toMatchObject({ stdout: expect.stringMatching(/^a {2}skipped/m) });
  const status = await pleura.run("status", out, join(root, "scans/a"), "--seg");
  expect(status.stdout).toMatch(/1 done/);
}, 60_000);

test("--lungs reads both back, from a file and from a folder with the label map beside them", async () => {
  const clean = await readFile(join(out, "a_clean.npy"));
  for (const mask of [join(out, "a_lungs.seg.dcm"), join(out, "a_lungs.rtstruct.dcm"), out]) {
    const again = await mkdtemp(join(root, "again-"));
    const { status, stderr } = await pleura.run("prep", join(root, "scans/a"), "--lungs", mask, "--out", again);
    expect([status, stderr]).toEqual([0, expect.not.stringMatching(/mask-/)]);
    expect(clean.equals(await readFile(join(again, "a_clean.npy")))).toBe(true);
  }
  const image = join(root, "scans/a", (await readdir(join(root, "scans/a")))[0]!);
  const refused = await pleura.run("prep", join(root, "scans/a"), "--lungs", image, "--out", join(root, "refused"));
  expect(refused).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/neither a Segmentation nor an RT Structure Set/),
  });
}, 60_000);

test("the airways of the profile robust are a segment of their own", async () => {
  const robust = join(root, "robust");
  const { status } = await pleura.run("prep", join(root, "scans/a"), "--profile", "robust", "--seg", "--out", robust);
  expect(status).toBe(0);
  const bytes = await readFile(join(robust, "a_lungs.seg.dcm"));
  for (const code of ["3341006", "44029006", "110726009"]) expect(bytes.includes(code)).toBe(true);
}, 60_000);
