import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LookCost } from "../../../src/node/cases/case-options.ts";
import { casesOf } from "../../../src/node/cases/plan-cases.ts";
import { putSeries } from "../../helpers/archive.ts";

const FOLDERS = 140;
let root: string;
let out: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "pleura-index-"));
  out = join(root, "out");
  for (let i = 0; i < FOLDERS; i++) {
    putSeries(join(root, "scans", `p${i}`), { patient: `Patient ${i}`, slices: [0, 1, 2] });
  }
});
afterAll(() => rmSync(root, { recursive: true }));

const look = async (options: Parameters<typeof casesOf>[1]) => {
  let cost: LookCost | undefined;
  const cases = await casesOf([join(root, "scans")], { out, ...options, onLook: (told) => (cost = told) });
  return { cases, ...cost! };
};

test("few headers are read of each folder, and none the next time; a file that changed is read again", async () => {
  expect(await look({})).toMatchObject({ folders: FOLDERS, headers: 2 * FOLDERS, cached: 0 });
  expect(await look({})).toMatchObject({ folders: FOLDERS, headers: 0, cached: FOLDERS });
  // The same name and size, but of the patient whose case is p4: one series in two cases then.
  putSeries(join(root, "scans/p3"), { patient: "Patient 4", slices: [0] });
  const { cases, headers } = await look({});
  expect(headers).toBe(2);
  expect(cases.flatMap(({ name, refused }) => (refused ? [`${name} ${refused.code}`] : []))).toEqual([
    "p3 several-patients",
  ]);
  putSeries(join(root, "scans/p3"), { patient: "Patient 3", slices: [0] });
});

test("by study all headers are read, and none the next time; nothing is kept by a dry run", async () => {
  rmSync(out, { recursive: true, force: true });
  expect(await look({ by: "study", dryRun: true })).toMatchObject({ headers: 3 * FOLDERS });
  expect(await look({ by: "study" })).toMatchObject({ headers: 3 * FOLDERS, cached: 0 });
  expect(await look({ by: "series" })).toMatchObject({ headers: 0, cached: FOLDERS });
});

test("what is kept names no patient, no UID, no folder and no file", () => {
  const text = readFileSync(join(out, ".pleura/headers.json"), "utf8");
  expect(text.split("\n").length).toBeGreaterThan(FOLDERS);
  expect(text).not.toMatch(/Patient|Name|1\.2\.826|scans|IMG|dcm|p13\b/);
});
