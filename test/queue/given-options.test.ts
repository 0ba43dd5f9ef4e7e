import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseJob } from "../../src/queue/job-schema.ts";
import { keepBelow, openRoots } from "../../src/queue/roots.ts";

let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "pleura-given-jobs-")));
  for (const folder of ["out", "scans", "elsewhere"]) mkdirSync(join(root, folder));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const job = (options: object) => ({
  folder: join(root, "scans"),
  options: { out: join(root, "out"), name: "a", ...options },
});

describe("what is given beside the scans of a job", () => {
  test.each([
    { lungs: "/masks", lungLabels: { right: [3], left: [4, 5] } },
    { lungs: "/masks", lungLabels: { both: [1] } },
    { model: "/models/r231.onnx", modelThreads: 2 },
    { model: "/models/other.onnx", modelRecipe: { size: [512, 512], labels: { both: [1] } } },
    { params: { lungs: { cutStep: 3 }, prepare: { hull: { iterations: 4 } } } },
    { profile: "luna16", lungs: "/masks", nodules: "/annotations.csv", readers: 3, noduleUnits: "mm" },
  ])("%j is taken as it is", (options) => {
    expect(parseJob(job(options)).options).toMatchObject(options);
  });

  test.each([
    { lungs: "masks" },
    { model: "r231.onnx" },
    { model: "/models/r231.onnx", modelRecipe: { size: 256 } },
    { model: "/models/r231.onnx", modelRecipe: { address: "elsewhere" } },
    { model: "/models/r231.onnx", modelThreads: 0 },
    { params: "params.json" },
    { params: { lungs: { cutStep: 0 } } },
    { params: { prepare: { shell: "rm" } } },
    { nodules: "/a/../b" },
    { lungs: 1 },
    { lungLabels: "both=1" },
    { lungLabels: { right: [1] } },
    { lungLabels: { both: [0] } },
    { lungLabels: { both: 1 } },
    { readers: 0 },
    { readers: "3" },
    { noduleUnits: "cm" },
  ])("%j is no job", (options) => {
    expect(() => parseJob(job(options))).toThrow(expect.objectContaining({ code: "invalid-job" }));
  });

  test.each(["lungs", "model", "nodules"])("%s must lie below the inputs' root, where there is one", (option) => {
    const roots = { out: [join(root, "out")], inputs: [join(root, "scans")] };
    const below = parseJob(job({ [option]: join(root, "scans/given") }));
    const beside = parseJob(job({ [option]: join(root, "elsewhere/given") }));
    expect(keepBelow(below, openRoots(roots)).options).toMatchObject({ [option]: join(root, "scans/given") });
    expect(() => keepBelow(beside, openRoots(roots))).toThrow(expect.objectContaining({ code: "outside-root" }));
    expect(keepBelow(beside, openRoots({ out: roots.out })).options.name).toBe("a");
  });
});
