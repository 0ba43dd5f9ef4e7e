import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { all, gzipped, niftiFile, put, putSeries, SLICES, seriesFiles, zipped } from "../helpers/archive.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";

let pleura: BuiltCli;
let root: string;
let scans: string;

beforeAll(async () => {
  pleura = await buildCli();
  root = mkdtempSync(join(tmpdir(), "pleura-inspect-"));
}, 60_000);
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});
beforeEach(() => {
  scans = mkdtempSync(join(root, "scans-"));
});

const GRID = "24 × 64 × 64  8.000 × 5.000 × 5.000 mm";
const inspect = async (...args: string[]) => {
  const { status, stdout, stderr } = await pleura.run("inspect", "--keep-file-names", ...args);
  expect(stderr).toBe("");
  return { status, lines: stdout.trimEnd().split("\n") };
};

test("names the folders and archives of each stack", async () => {
  const halves = [all(12), all(SLICES).slice(12)] as const;
  putSeries(join(scans, "a/b"), { patient: "P1", slices: halves[0] });
  put(join(scans, "c"), gzipped(seriesFiles({ patient: "P1", slices: halves[1] })));
  put(scans, [["d.zip", zipped(seriesFiles({ patient: "P1", series: 2 }))]]);
  const { status, lines } = await inspect(scans);
  expect([status, lines.sort()]).toEqual([
    0,
    [
      expect.stringMatching(`^series 1  axial  24 images  ${GRID}  in a/b and 1 other folder  read by default$`),
      expect.stringMatching(`^series 2  axial  24 images  ${GRID}  in d.zip/scan$`),
    ],
  ]);
});

test("says of several patients and studies which is which, and that they are not one case", async () => {
  putSeries(join(scans, "a"), { patient: "P1" });
  putSeries(join(scans, "b"), { patient: "P2" });
  const { lines } = await inspect(scans);
  expect(lines).toEqual([
    expect.stringMatching(/^series 1 {2}axial .* in a {2}patient 1 {2}study-[0-9a-f]{12}$/),
    expect.stringMatching(/^series 1 {2}axial .* in b {2}patient 2 {2}study-[0-9a-f]{12}$/),
    expect.stringMatching(/^not one case {2}read: The images belong to several patients/),
  ]);
  const { stdout } = await pleura.run("inspect", scans, "--keep-file-names", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    stacks: [
      { folders: ["a"], patient: 1, chosen: false },
      { folders: ["b"], patient: 2, chosen: false },
    ],
    ambiguous: { code: "several-patients" },
  });
});

test("reads image files as prep does", async () => {
  put(scans, [
    ["a/ct.nii", niftiFile()],
    ["a/broken.mha", "ObjectType = Image\n"],
  ]);
  const { status, lines } = await inspect(scans);
  expect(status).toBe(0);
  expect(lines).toEqual([
    expect.stringMatching(/^image file a\/broken\.mha {2}no volume: /),
    expect.stringMatching(`^image file a/ct.nii  ${GRID}`),
  ]);
  rmSync(join(scans, "a/broken.mha"));
  expect((await inspect(scans)).lines).toEqual([
    expect.stringMatching(`^image file a/ct.nii  ${GRID}  read by default`),
  ]);
  expect((await inspect(join(scans, "a/ct.nii"))).lines).toEqual([
    expect.stringMatching(`^image file ct.nii  ${GRID}  read by default`),
  ]);
});
