import fs from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isDone } from "../../src/node/manifest.ts";
import { prepCase } from "../../src/node/prep-case.ts";
import type { CaseResult, PrepCaseOptions } from "../../src/node/prep-options.ts";
import { writePhantom } from "../../src/node/write-phantom.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { VolumeMemory } from "../../src/simd/volume-memory.ts";

let root: string;
let scan: string;
let out: string;

// A small patient, for the sake of time.
const phantom = makePhantom({ size: 96, slices: 24, spacing: [8, 3.4, 3.4] });

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "pleura-case-"));
  scan = join(root, "chest");
  await writePhantom(phantom, scan);
});
afterAll(() => rm(root, { recursive: true, force: true }));
beforeEach(async () => {
  out = await mkdtemp(join(root, "out-"));
});

async function run(options: Partial<PrepCaseOptions> = {}): Promise<CaseResult["status"]> {
  return (await prepCase(scan, { out, ...options })).status;
}

test("a case in the memory of a larger one before it comes out as in memory of its own", async () => {
  const volumeMemory = new VolumeMemory();
  const larger = join(root, "larger");
  await writePhantom(makePhantom({ size: 112, slices: 26, spacing: [8, 3, 3], seed: 2 }), larger);
  const again = join(out, "again");
  expect(await run()).toBe("done");
  expect((await prepCase(larger, { out: again, volumeMemory })).status).toBe("done");
  expect(await run({ out: again, volumeMemory })).toBe("done");
  for (const file of ["chest_clean.npy", "chest_lungs.nii.gz"]) {
    expect((await readFile(join(again, file))).equals(await readFile(join(out, file)))).toBe(true);
  }
});

test("the folder of a case is listed once, also to claim its series and to hash its bytes", async () => {
  const { readdirSync } = fs;
  let listed = 0;
  fs.readdirSync = ((path: string, ...rest: []) => {
    if (path === scan) listed++;
    return readdirSync(path, ...rest);
  }) as typeof readdirSync;
  syncBuiltinESMExports();
  try {
    const result = await prepCase({ folder: scan, claims: true }, { out, verify: true });
    expect([result.status, listed]).toEqual(["done", 1]);
  } finally {
    fs.readdirSync = readdirSync;
    syncBuiltinESMExports();
  }
});

async function edit(change: (text: string) => string): Promise<void> {
  const path = join(out, "chest.json");
  const text = await readFile(path, "utf8");
  expect(change(text)).not.toBe(text);
  await writeFile(path, change(text));
}

test("the lungs' volumes are those that the phantom was made with, right and left", async () => {
  const result = await prepCase(scan, { out });
  if (result.status === "failed") throw new Error(result.failure.message);
  const { lungs } = result.manifest;
  const { right, left } = phantom.truth.lungVolumes;
  // The pipeline leaves out vessels, more of them where pixels are large, and takes in airways.
  expect(Math.abs(lungs.rightMl - right) / right).toBeLessThan(0.2);
  expect(Math.abs(lungs.leftMl - left) / left).toBeLessThan(0.2);
  expect(right).toBeGreaterThan(left);
  expect(lungs.rightMl).toBeGreaterThan(lungs.leftMl);
});

test("a scan that ends within the lungs is done with a warning that says at which end", async () => {
  const short = join(root, "short");
  await writePhantom(phantom, short);
  const names = (await readdir(short)).sort();
  for (const name of names.slice(0, 6)) await rm(join(short, name));
  const result = await prepCase(short, { out });
  expect(result).toMatchObject({
    status: "done",
    manifest: {
      findings: [
        { code: "instance-numbers", severity: "warning", measured: "18 numbers from 7 to 24" },
        { code: "lungs-cut-off", severity: "warning", message: expect.stringContaining("head's end") },
      ],
    },
  });
});

describe("a finished case", () => {
  test("is left alone until it is forced, or more stages are wanted", async () => {
    expect(await run()).toBe("done");
    const before = (await stat(join(out, "chest_clean.npy"))).ino;
    expect(await run()).toBe("skipped");
    expect((await stat(join(out, "chest_clean.npy"))).ino).toBe(before);
    expect(await run({ force: true })).toBe("done");
    expect(await run({ stages: true })).toBe("done");
    expect(await run()).toBe("skipped");
  });

  test.each<[string, () => Promise<unknown>]>([
    ["a file is missing", () => rm(join(out, "chest_lungs.nii.gz"))],
    ["a file is cut short", () => writeFile(join(out, "chest_clean.npy"), "short")],
    ["the manifest is not whole", () => writeFile(join(out, "chest.json"), '{ "case": "chest", ')],
    ["the parameters were others", () => edit((text) => text.replace('"threshold": -600', '"threshold": -500'))],
    ["the revision was another", () => edit((text) => text.replace(/"revision": \d+/, '"revision": 1'))],
    ["the input was another", () => edit((text) => text.replace(/"digest": "\w/, '"digest": "x'))],
  ])("is done again when %s", async (_, change) => {
    await run();
    await change();
    expect(await run()).toBe("done");
    expect(await run()).toBe("skipped");
  });

  test("is done again without the stages' masks of before", async () => {
    await run({ stages: true });
    expect(await run({ force: true })).toBe("done");
    expect((await readdir(out)).filter((name) => name.includes("binary"))).toEqual([]);
  });

  test("is done again when the scan has changed, and gone when it fails now", async () => {
    const changing = join(root, "changing");
    await writePhantom(phantom, changing);
    expect(await prepCase(changing, { out })).toMatchObject({ status: "done" });
    await utimes(join(changing, "IMG0001.dcm"), 1, 1);
    expect(await prepCase(changing, { out })).toMatchObject({ status: "done" });
    for (const name of (await readdir(changing)).slice(1)) await rm(join(changing, name));
    expect(await prepCase(changing, { out })).toMatchObject({ status: "failed", failure: { code: "single-slice" } });
    expect(await readdir(out)).toEqual([".pleura"]);
    expect(await readdir(join(out, ".pleura"))).toEqual(["changing.failed.json"]);
  });
});

test("a manifest that lacks an output does not stand for it", async () => {
  const result = await prepCase(scan, { out });
  if (result.status === "failed") throw new Error(result.failure.message);
  const { version, profile, revision, parameters, digest, outputs } = result.manifest;
  const wanted = { version, profile, revision, parameters, digest };
  expect(await isDone(out, result.manifest, wanted)).toBe(true);
  const { "chest_label.npy": _, ...others } = outputs;
  expect(await isDone(out, { ...result.manifest, outputs: others }, wanted)).toBe(false);
});

test("an output folder that cannot be written is a failure that says so", async () => {
  await writeFile(join(out, "file"), "");
  expect(await prepCase(scan, { out: join(out, "file") })).toMatchObject({
    status: "failed",
    failure: { code: "write-failed", stage: "write" },
  });
});

test("the signal ends a case and leaves an earlier result as it was", async () => {
  await run();
  const before = await readFile(join(out, "chest.json"), "utf8");
  const interrupt = new AbortController();
  const ending = prepCase(scan, {
    out,
    force: true,
    signal: interrupt.signal,
    onStage: (stage) => stage === "write" && interrupt.abort(),
  });
  await expect(ending).rejects.toMatchObject({ code: "aborted" });
  expect(await readFile(join(out, "chest.json"), "utf8")).toBe(before);
  expect((await readdir(out)).length).toBe(4);
});

test("every stage is named once, in order", async () => {
  const stages: string[] = [];
  await prepCase(scan, { out, onStage: (stage) => stages.push(stage) });
  expect(stages).toEqual(["read", "binarize", "select", "fill", "separate", "hull", "prepare", "quality", "write"]);
});
