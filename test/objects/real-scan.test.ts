import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepCase } from "../../src/node/prep-case.ts";
import { readSeries } from "../../src/node/read-series.ts";
import { DATA } from "../helpers/data.ts";
import { writeForm } from "../helpers/forms.ts";
import { hasModules, hasProgram, PYTHON, said, script } from "../helpers/programs.ts";

const VOLUME = join(DATA, "derived/cip-64-fused.npz");
const MAKE_SERIES = join(DATA, "../tools/make-series.py");
const isThere = existsSync(VOLUME) && existsSync(MAKE_SERIES) && hasModules("pydicom", "nibabel", "scipy");
let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "pleura-real-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Writes the real scan in a form. */
async function write(form: string): Promise<string> {
  const scan = join(root, form);
  if (form === "enhanced") {
    const plain = await readSeries(join(root, "plain"));
    await writeForm(scan, { ...plain, seed: 0, truth: { nodules: [], lungVolumes: { right: 0, left: 0 } } }, form);
  } else said(PYTHON, MAKE_SERIES, VOLUME, scan, ...(form === "plain" ? [] : ["--trouble", form]));
  return scan;
}

describe.skipIf(!isThere)("a real scan (PLEURA_DATA) in the forms of archives", () => {
  const forms = ["plain", "prone", "feetfirst", "tilt", "twoseries", "enhanced"];
  test.each(forms)("%s", { timeout: 60_000 }, async (form) => {
    const scan = await write(form);
    const out = join(root, `${form}-out`);
    const result = await prepCase(scan, { out, name: "case", seg: true, rtstruct: true });
    expect(result.status).toBe("done");
    const file = (name: string) => join(out, `case${name}`);
    const found = said(PYTHON, script("compare-seg.py"), file("_lungs.seg.dcm"), file("_lungs.nii.gz"), scan);
    expect(JSON.parse(found)).toMatchObject({ apart: 0, images: 79 });
    expect(JSON.parse(found).labelled).toBeGreaterThan(20_000);
    if (hasProgram("dciodvfy")) {
      for (const name of ["_lungs.seg.dcm", "_lungs.rtstruct.dcm"]) {
        expect(said("dciodvfy", file(name))).not.toMatch(/^Error|Abort/m);
      }
    }
    // Read again, the lungs give the same clean; those of a tilted scan were resampled twice.
    if (form === "tilt") return;
    for (const name of ["_lungs.seg.dcm", "_lungs.rtstruct.dcm"]) {
      const again = join(root, `${form}${name}`);
      expect((await prepCase(scan, { out: again, name: "case", lungs: file(name) })).status).toBe("done");
      expect(readFileSync(join(again, "case_clean.npy")).equals(readFileSync(file("_clean.npy")))).toBe(true);
    }
  });
});
