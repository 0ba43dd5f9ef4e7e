import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSeries as readFiles } from "../../src/browser/read-series.ts";
import { readSeries } from "../../src/node/read-series.ts";
import { indexToPatient } from "../../src/volume/affine.ts";
import { numbers, readNpz } from "../helpers/npz.ts";

const FOLDER = join(import.meta.dirname, "../goldens/images");
const expected = readNpz(join(FOLDER, "expected.npz"));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pleura-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const FILES = [
  "lps.nii",
  "lps-2.nii",
  "big-endian.nii",
  "ras.nii.gz",
  "turned.nii",
  "qform.nii",
  "float.nii",
  "plain.mhd",
  "packed.mhd",
  "local.mha",
  "flipped.mha",
  "plain.nrrd",
  "packed.nrrd",
  "detached.nhdr",
];

test.each(FILES)("%s reads to the same canonical volume", async (name) => {
  const scan = await readSeries(join(FOLDER, name));
  expect(scan.shape).toEqual([...expected("hu").shape]);
  expect(scan.voxels).toEqual(expected("hu").data);
  expect(scan.spacing).toEqual(numbers(expected("spacing")));
  expect(indexToPatient(scan.affine, [0, 0, 0])).toEqual(numbers(expected("origin")));
  expect(scan.affine.map((v) => v + 0)).toEqual([0, 0, 0.5, -20.5, 0, 0.75, 0, -30.25, 2.5, 0, 0, 100, 0, 0, 0, 1]);
  expect(scan.findings).toEqual([]);
});

test("a file that does not say how it lies is read upright, with a warning", async () => {
  const scan = await readSeries(join(FOLDER, "bare.nii"));
  expect(scan.findings).toMatchObject([{ code: "missing-orientation", severity: "warning" }]);
});

test("a MetaImage whose header lost its place is read with a warning, one that lost its spacing is refused", async () => {
  const whole = readFileSync(join(FOLDER, "local.mha"));
  const lacking = async (field: string) => {
    const at = whole.indexOf(`${field} =`);
    const file = join(folder, `${field}.mha`);
    // One bit of the name's first letter.
    writeFileSync(
      file,
      whole.map((byte, i) => (i === at ? byte ^ 1 : byte)),
    );
    return readSeries(file);
  };
  expect((await lacking("Offset")).findings).toMatchObject([{ code: "missing-orientation", severity: "warning" }]);
  expect((await lacking("TransformMatrix")).findings).toMatchObject([{ code: "missing-orientation" }]);
  await expect(lacking("ElementSpacing")).rejects.toMatchObject({
    code: "unsupported-pixels",
    measured: "no ElementSpacing",
  });
});

test("a MetaImage whose directions are no unit vectors is refused", async () => {
  const text = readFileSync(join(FOLDER, "local.mha"), "latin1");
  const file = join(folder, "long.mha");
  // One bit: 1 becomes 3.
  writeFileSync(
    file,
    text.replace(/(TransformMatrix = -?)1/, (_, head) => `${head}3`),
    "latin1",
  );
  await expect(readSeries(file)).rejects.toMatchObject({
    code: "inconsistent-series",
    limit: expect.stringContaining("mm ± 1 %"),
  });
});

test("a page reads the same from a list of files", async () => {
  const files = ["packed.mhd", "packed.zraw"].map((name) => new File([readFileSync(join(FOLDER, name))], name));
  expect((await readFiles(files)).voxels).toEqual(expected("hu").data);
});

test.each(FILES)("%s cut short, or without its voxels, is a typed error", async (name) => {
  const cut = join(folder, name);
  writeFileSync(cut, readFileSync(join(FOLDER, name)).subarray(0, -40));
  await expect(readSeries(cut)).rejects.toMatchObject({ name: "PleuraError", stage: "read" });
});

test("a header must not reach for files outside its folder", async () => {
  copyFileSync(join(FOLDER, "plain.raw"), join(folder, "plain.raw"));
  const header = readFileSync(join(FOLDER, "plain.mhd"), "latin1");
  writeFileSync(join(folder, "a.mhd"), header.replace("plain.raw", "../plain.raw"));
  await expect(readSeries(join(folder, "a.mhd"))).rejects.toMatchObject({ quote: "../plain.raw" });
});

test("a header that asks for more than its bytes can hold is refused before memory is taken", async () => {
  const header = readFileSync(join(FOLDER, "packed.mhd"), "latin1").replace("5 4 3", "65535 65535 9");
  writeFileSync(join(folder, "b.mhd"), header);
  copyFileSync(join(FOLDER, "packed.zraw"), join(folder, "packed.zraw"));
  await expect(readSeries(join(folder, "b.mhd"))).rejects.toMatchObject({ code: "truncated" });
});
