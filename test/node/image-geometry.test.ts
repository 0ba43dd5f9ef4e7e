import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSeries } from "../../src/node/read-series.ts";

const FOLDER = join(import.meta.dirname, "../goldens/images");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pleura-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads one of the golden images after its bytes were changed. */
function changed(name: string, change: (view: DataView) => void) {
  const bytes = new Uint8Array(readFileSync(join(FOLDER, name)));
  change(new DataView(bytes.buffer));
  writeFileSync(join(folder, name), bytes);
  return readSeries(join(folder, name));
}
const [QFORM, SFORM, PIXDIM, QOFFSET, SROW] = [252, 254, 76, 268, 280];
const conflict = [{ code: "geometry-conflict", severity: "warning" }];

describe("a NIfTI header that says twice where the voxels lie", () => {
  test("a spacing that is not the affine's is told", async () => {
    const scan = await changed("lps.nii", (view) => view.setFloat32(PIXDIM + 4, 1.5, true));
    expect(scan.findings).toMatchObject(conflict);
    expect(scan.findings[0]!.limit).toContain("1.500");
    // What the affine says is taken, as everywhere.
    expect(scan.spacing).toEqual((await readSeries(join(FOLDER, "lps.nii"))).spacing);
  });
  test("a spacing that is off by rounding, negative or missing is not", async () => {
    for (const spacing of [0.5 * 1.009, -0.5, 0]) {
      const { findings } = await changed("lps.nii", (view) => view.setFloat32(PIXDIM + 4, spacing, true));
      expect(findings).toEqual([]);
    }
  });
  test("an sform and a qform that lie apart are told", async () => {
    const both = (shift: number) =>
      changed("qform.nii", (view) => {
        expect(view.getInt16(QFORM, true)).toBeGreaterThan(0);
        view.setInt16(SFORM, view.getInt16(QFORM, true), true);
        // RAS: x to the right and y to the front, as the golden's qform has them.
        const rows = [-0.5, 0, 0, 20.5 + shift, 0, -0.75, 0, 30.25, 0, 0, 2.5, 100];
        for (const [i, value] of rows.entries()) view.setFloat32(SROW + 4 * i, value, true);
      });
    expect((await both(0)).findings).toEqual([]);
    expect((await both(0.2)).findings).toEqual([]);
    const scan = await both(5);
    expect(scan.findings).toMatchObject(conflict);
    expect(scan.findings[0]!.measured).toContain("5.0 mm apart");
  });
  test("NIfTI-2 is read by its qform where that is all it has", async () => {
    const expected = await readSeries(join(FOLDER, "lps-2.nii"));
    const scan = await changed("lps-2.nii", (view) => {
      view.setInt32(344, 1, true);
      view.setInt32(348, 0, true);
      // A turn by half about z: b, c and d of the quaternion.
      for (const [i, value] of [0, 0, 1, 20.5, 30.25, 100].entries()) view.setFloat64(352 + 8 * i, value, true);
      for (let i = 0; i < 12; i++) view.setFloat64(400 + 8 * i, 7, true);
    });
    expect(scan.voxels).toEqual(expected.voxels);
    for (const [i, value] of expected.affine.entries()) expect(scan.affine[i]).toBeCloseTo(value, 6);
    expect(scan.findings).toEqual([]);
  });
  test("offsets alone do not count where the qform has no code", async () => {
    expect(
      (
        await changed("lps.nii", (view) => {
          view.setInt16(QFORM, 0, true);
          view.setFloat32(QOFFSET, 99, true);
        })
      ).findings,
    ).toEqual([]);
  });
});

describe("an NRRD header", () => {
  const nrrd = (change: (header: string) => string) => {
    const bytes = readFileSync(join(FOLDER, "plain.nrrd"));
    const end = bytes.indexOf("\n\n");
    const file = join(folder, "changed.nrrd");
    const header = change(bytes.subarray(0, end).toString("latin1"));
    writeFileSync(file, Buffer.concat([Buffer.from(header, "latin1"), bytes.subarray(end)]));
    return readSeries(file);
  };
  test("with spacings that are not its directions' is told", async () => {
    expect((await nrrd((header) => `${header}\nspacings: 0.5 0.75 2.5`)).findings).toEqual([]);
    expect((await nrrd((header) => `${header}\nspacings: 0.5 0.75 1.25`)).findings).toMatchObject(conflict);
  });
  test("without any spacing is refused", async () => {
    await expect(nrrd((header) => header.replace(/^space.*\n/gm, ""))).rejects.toMatchObject({
      code: "unsupported-pixels",
      limit: "three numbers in millimetres",
    });
  });
  test("in another unit than millimetres is refused", async () => {
    expect((await nrrd((header) => `${header}\nspace units: "mm" "mm" "mm"`)).findings).toEqual([]);
    await expect(nrrd((header) => `${header}\nspace units: "cm" "cm" "cm"`)).rejects.toMatchObject({
      quote: "cm",
      limit: "mm",
    });
  });
});
