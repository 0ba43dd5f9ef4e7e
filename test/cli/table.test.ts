import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TABLE_COLUMNS } from "../../src/case/case-table.ts";
import { splitCells } from "../../src/formats/csv.ts";
import { writeScans } from "../helpers/batch-scans.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";

let pleura: BuiltCli;
let root: string;
let scans: string;
let out: string;
beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-table-"));
  scans = join(root, "scans");
  out = join(root, "out");
  await writeScans(scans, 2);
}, 60_000);
afterAll(() => rm(root, { recursive: true, force: true }));

/** The table by case and column. */
async function tableOf(file: string): Promise<Record<string, Record<string, string>>> {
  const [header, ...lines] = (await readFile(file, "utf8")).trimEnd().split("\n");
  const names = splitCells(header!)!;
  expect(names).toEqual(TABLE_COLUMNS.map(({ name }) => name));
  return Object.fromEntries(
    lines.map((line) => {
      const cells = splitCells(line)!;
      expect(cells.length).toBe(names.length);
      return [cells[0], Object.fromEntries(names.map((name, i) => [name, cells[i]!]))];
    }),
  );
}

describe("prep --csv", { timeout: 60_000 }, () => {
  const file = () => join(root, "lungs.csv");

  test("has a line for each case, also for failed ones", async () => {
    const { status } = await pleura.run("prep", scans, "--out", out, "--csv", file());
    expect(status).toBe(1);
    const table = await tableOf(file());
    expect(Object.keys(table)).toEqual(["case-01", "case-02", "no-scan"]);
    expect(table["no-scan"]).toMatchObject({ status: "failed", failure: "no-dicom", both_volume_ml: "" });
    const manifest = JSON.parse(await readFile(join(out, "case-01.json"), "utf8"));
    const { right, both } = manifest.density;
    expect(table["case-01"]).toMatchObject({
      status: "done",
      verdict: manifest.quality.verdict,
      voxel_z_mm: "8",
      right_mean_hu: String(right.meanHu),
      both_p50_hu: String(both.percentilesHu.p50),
      both_volume_ml: String(manifest.lungs.totalMl),
    });
    // Air and tissue of a lung weigh more than nothing and less than water.
    expect(both.massG / manifest.lungs.totalMl).toBeGreaterThan(0.05);
    expect(both.massG / manifest.lungs.totalMl).toBeLessThan(0.6);
  });

  test("reads finished cases back, and measures those that were not measured", async () => {
    const before = await tableOf(file());
    await pleura.run("prep", join(scans, "case-02"), "--out", out, "--force");
    const { stderr } = await pleura.run("prep", scans, "--out", out, "--csv", file());
    expect(stderr).toContain("(again, because of other outputs 1)");
    const after = await tableOf(file());
    expect(after["case-01"]).toEqual({ ...before["case-01"], status: "skipped" });
    expect(after["case-02"]).toEqual(before["case-02"]);
    const kept = await pleura.run("prep", scans, "--out", out, "--density", "--csv", file());
    expect(kept.stdout).toMatch(/case-02 {2}skipped/);
  });

  test("is refused where it would overwrite a case's file, and under another kind of name", async () => {
    const taken = await pleura.run("prep", scans, "--out", out, "--csv", join(out, "case-01_clean.npy"));
    expect([taken.status, taken.stderr]).toEqual([2, expect.stringContaining("expected a name that ends in .csv")]);
    const twice = await pleura.run("prep", scans, "--out", out, "--csv", file(), "--report", file());
    expect([twice.status, twice.stderr]).toEqual([2, expect.stringContaining("--csv")]);
  });
});
