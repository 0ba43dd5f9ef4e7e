import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inputDigest } from "../../src/node/input-files.ts";
import { readSeries } from "../../src/node/read-series.ts";
import { dicomFile, goldenSeries } from "../helpers/dicom.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pleura-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a golden series below the test's folder, every second file in a sub-folder. */
function write(name: string): { path: string; hu: unknown } {
  const { sources, array } = goldenSeries(name);
  const path = join(folder, name);
  mkdirSync(join(path, "a", "b"), { recursive: true });
  for (const [i, source] of sources.entries()) {
    const bytes = new Uint8Array(source.size);
    source.read(0, bytes);
    writeFileSync(join(path, i % 2 ? "a/b" : ".", source.name), bytes);
  }
  return { path, hu: array("hu").data };
}

test("a folder with sub-folders reads to the same volume as its files in memory", async () => {
  const { path, hu } = write("explicit");
  const scan = await readSeries(path);
  expect(scan.voxels).toEqual(hu);
  expect(scan.source).toMatchObject({ files: 5, skipped: [], digest: inputDigest(path) });
  expect(scan.source.bytes).toBeGreaterThan(5 * 96);
});

test("links that lead back into the folder are entered once", async () => {
  const { path, hu } = write("implicit");
  symlinkSync(path, join(path, "loop"));
  symlinkSync(join(path, "nowhere"), join(path, "broken"));
  expect((await readSeries(path)).voxels).toEqual(hu);
});

test("the digest changes with a file's name, size or time, and with nothing else", () => {
  const { path } = write("big");
  const digest = inputDigest(path);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(inputDigest(`${path}/`)).toBe(digest);
  writeFileSync(join(path, "more.txt"), "a");
  const longer = inputDigest(path);
  expect(longer).not.toBe(digest);
  utimesSync(join(path, "more.txt"), 1000, 1000);
  expect(inputDigest(path)).not.toBe(longer);
  rmSync(join(path, "more.txt"));
  expect(inputDigest(path)).toBe(digest);
});

test("a path that is not there is not-found, a single file is a single slice", async () => {
  await expect(readSeries(join(folder, "none"))).rejects.toMatchObject({ code: "not-found" });
  writeFileSync(join(folder, "one.dcm"), dicomFile());
  await expect(readSeries(join(folder, "one.dcm"))).rejects.toMatchObject({ code: "single-slice", file: "one.dcm" });
});
