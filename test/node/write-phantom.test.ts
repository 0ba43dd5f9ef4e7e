import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSeries } from "../../src/node/read-series.ts";
import { writePhantom } from "../../src/node/write-phantom.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";

const phantom = makePhantom({ size: [64, 72], slices: 10 });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pleura-phantom-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("writes a folder that reads back as the same volume", async () => {
  const out = join(folder, "a", "scan");
  const names = await writePhantom(phantom, out);
  expect(await readdir(out)).toEqual(names);
  const scan = await readSeries(out);
  expect(scan.shape).toEqual(phantom.shape);
  expect(scan.voxels).toEqual(phantom.voxels);
  scan.affine.forEach((value, i) => {
    expect(value).toBeCloseTo(phantom.affine[i]!, 4);
  });
});

test("leaves nothing behind where it cannot write", async () => {
  const file = join(folder, "file");
  await writeFile(file, "in the way");
  await expect(writePhantom(phantom, file)).rejects.toMatchObject({ code: "write-failed", stage: "write" });
  expect(await readFile(file, "utf8")).toBe("in the way");
});
