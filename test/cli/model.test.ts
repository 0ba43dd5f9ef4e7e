import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CaseManifest } from "../../src/case/manifest.ts";
import { labelScan } from "../../src/model/label-scan.ts";
import { parseRecipe } from "../../src/model/recipe.ts";
import { readImage } from "../../src/node/read-image.ts";
import { readSeries } from "../../src/node/read-series.ts";
import { writePhantom } from "../../src/node/write-phantom.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { type BuiltCli, buildCli } from "../helpers/built-cli.ts";
import { SMALL, writePose } from "../helpers/luna.ts";
import { tinyClass, tinyModel } from "../helpers/onnx.ts";
import { hasRuntime } from "../helpers/onnx-runtime.ts";

const SIZE = [96, 96] as const;
let pleura: BuiltCli;
let root: string;
let out: string;
let model: string;
let recipe: string;

beforeAll(async () => {
  pleura = await buildCli();
  root = await mkdtemp(join(tmpdir(), "pleura-model-"));
  const phantom = makePhantom(SMALL);
  writePose(join(root, "scans/a"), phantom, "supine", "1.2.1");
  writePose(join(root, "scans/b"), phantom, "prone", "1.2.2");
}, 60_000);
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  out = await mkdtemp(join(root, "out-"));
  model = join(out, "tiny.onnx");
  recipe = join(out, "tiny.json");
  await writeFile(model, tinyModel({ size: SIZE }));
  await writeFile(recipe, JSON.stringify({ size: SIZE }));
});
const prep = (scans: string, ...flags: string[]) =>
  pleura.run("prep", join(root, scans), "--model", model, "--model-recipe", recipe, "--out", out, ...flags);
const manifestOf = async (name: string) =>
  JSON.parse(await readFile(join(out, `${name}.json`), "utf8")) as CaseManifest;

describe.runIf(hasRuntime)("with ONNX Runtime", { timeout: 120_000 }, () => {
  test("the lungs are the network's, in a scan that lies on its back and in one that lies on its face", async () => {
    const { status, stderr, stdout } = await prep("scans", "--stages");
    expect(stderr).not.toContain("failed");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^a {2}done/m);
    const scan = await readSeries(join(root, "scans/a"));
    const wanted = await labelScan(
      scan,
      {
        runtime: "by hand",
        run: async (values, [, , height, width]) => ({
          data: Float32Array.from(values, (value, i) =>
            tinyClass(value, Math.floor(i / width), i % width, [height, width]),
          ),
          dims: [1, height, width],
        }),
      },
      { ...parseRecipe({ size: SIZE }), answer: "labels" },
      { file: "by hand" },
    );
    const { volume } = await readImage(join(out, "a_lungs.nii.gz"));
    expect(Buffer.from(volume.voxels.buffer).equals(Buffer.from(wanted.buffer))).toBe(true);
    expect(new Set(wanted)).toEqual(new Set([0, 1, 2]));

    const [a, b] = [await manifestOf("a"), await manifestOf("b")];
    expect(a.given).toEqual({
      series: expect.any(String),
      lungs: expect.stringMatching(/^[0-9a-f]{64}$/),
      runtime: expect.stringMatching(/^onnxruntime-(node|web) 1\./),
    });
    expect(a.parameters.model).toEqual(parseRecipe({ size: SIZE }));
    expect(a.parameters.lungs).toEqual({});
    expect(a.quality?.verdict).toMatch(/^(good|doubtful|bad)$/);
    expect(Object.keys(a.outputs)).toContain("a_lung1.nii.gz");
    expect(Object.keys(a.outputs)).not.toContain("a_binary.nii.gz");
    // The scan is turned upright before the network sees it.
    expect(Math.abs(b.lungs.rightMl - a.lungs.rightMl)).toBeLessThan(0.02 * a.lungs.rightMl);
    expect(JSON.stringify([a, b])).not.toContain("tiny.onnx");
  });

  test("much the same lungs as the profile's", async () => {
    await pleura.run("prep", join(root, "scans/a"), "--out", join(out, "usual"));
    await prep("scans/a");
    const [usual, found] = await Promise.all(
      [join(out, "usual"), out].map(async (folder) => (await readImage(join(folder, "a_lungs.nii.gz"))).volume.voxels),
    );
    for (const label of [1, 2]) {
      let [both, all] = [0, 0];
      for (let i = 0; i < found!.length; i++) {
        both += Number(usual![i] === label && found![i] === label);
        all += Number(usual![i] === label) + Number(found![i] === label);
      }
      expect((2 * both) / all).toBeGreaterThan(0.9);
    }
  });

  test("a finished case stands until the model's bytes or the recipe change", async () => {
    await prep("scans/a");
    // The same bytes under another name.
    const first = model;
    model = join(out, "other.onnx");
    await writeFile(model, await readFile(first));
    expect((await prep("scans/a")).stdout).toMatch(/^a {2}skipped/m);
    await writeFile(model, tinyModel({ size: SIZE, threshold: -350 }));
    expect((await prep("scans/a")).stdout).toMatch(/^a {2}done/m);
    await writeFile(recipe, JSON.stringify({ size: SIZE, postprocess: false }));
    const status = await pleura.run(
      ...["status", out, join(root, "scans/a"), "--model", model, "--model-recipe", recipe],
    );
    expect(status.stdout).toContain("a  stale  other parameters");
    // Found by the profile again.
    expect((await pleura.run("prep", join(root, "scans/a"), "--out", out)).stdout).toMatch(/^a {2}done/m);
    expect((await manifestOf("a")).parameters.model).toBeUndefined();
  });

  test("a SEG says that a model found the lungs", async () => {
    await writePhantom(makePhantom(SMALL), join(out, "scan"));
    const run = await pleura.run(
      ...["prep", join(out, "scan"), "--model", model, "--model-recipe", recipe, "--out", out, "--seg"],
    );
    expect(run.status).toBe(0);
    expect((await readFile(join(out, "scan_lungs.seg.dcm"))).includes("pleura, lungs by a given model")).toBe(true);
  });

  test("labels on the wrong sides are refused", async () => {
    const { status, stderr, stdout } = await prep("scans/a", "--lung-labels", "right=2,left=1");
    expect(status).toBe(1);
    expect(stdout + stderr).toContain("The model's labels are not the right and the left lung");
    expect(stdout + stderr).toMatch(/right lung's labels lie \d+ mm to the left/);
  });

  test("labels that do not occur are refused", async () => {
    const { status, stdout, stderr } = await prep("scans/a", "--lung-labels", "right=3,left=4");
    expect(status).toBe(1);
    expect(stdout + stderr).toContain("measured: labels 1, 2; limit: 3, 4");
  });

  test("the model and the recipe must fit", async () => {
    await writeFile(recipe, JSON.stringify({}));
    const { status, stdout, stderr } = await prep("scans/a");
    expect(status).toBe(1);
    expect(stdout + stderr).toContain("The model takes another input than its recipe says");
    expect(stdout + stderr).toContain("measured: 1 × 1 × 96 × 96; limit: 1 × 1 × 256 × 256");
  });

  test("values that are no numbers fail the case", async () => {
    // A weight without end makes infinity less infinity.
    await writeFile(model, tinyModel({ size: SIZE, scale: Number.POSITIVE_INFINITY }));
    const { status, stdout, stderr } = await prep("scans/a", "--report", join(out, "report.json"));
    expect(status).toBe(1);
    expect(stdout + stderr).toContain("not a number (NaN)");
    const report = JSON.parse(await readFile(join(out, "report.json"), "utf8"));
    expect(report.failures).toEqual({ "bad-model": 1 });
    expect(JSON.stringify(report)).not.toContain("tiny.onnx");
  });

  test("a file that is no model fails the case", async () => {
    await writeFile(model, "no model");
    const { status, stdout, stderr } = await prep("scans/a");
    expect(status).toBe(1);
    expect(stdout + stderr).toContain("The model cannot be loaded");
  });
});

describe("refused before the first case", () => {
  const refusal = async (...flags: string[]) => {
    const { status, stderr } = await pleura.run("prep", join(root, "scans"), "--out", out, ...flags);
    expect(status).toBe(2);
    return stderr;
  };
  test("a model that is not there", async () => {
    expect(await refusal("--model", join(out, "none.onnx"))).toContain("The model cannot be read");
  });
  test("a folder", async () => {
    expect(await refusal("--model", out)).toContain("The model is no ONNX file");
  });
  test("masks and a model", async () => {
    await mkdir(join(out, "masks"));
    expect(await refusal("--model", model, "--lungs", join(out, "masks"))).toMatch(/cannot be used with/);
  });
  test("a recipe or threads without a model", async () => {
    expect(await refusal("--model-recipe", recipe)).toContain("--model beside it");
    expect(await refusal("--model-threads", "2")).toContain("--model beside it");
  });
  test("a recipe that is none", async () => {
    await writeFile(recipe, '{"sizes": [96, 96]}');
    expect(await refusal("--model", model, "--model-recipe", recipe)).toContain("unknown field");
    await writeFile(recipe, "size: 96");
    expect(await refusal("--model", model, "--model-recipe", recipe)).toContain("is not JSON");
  });
  test("parameters of the stages that are not run", async () => {
    const params = join(out, "params.json");
    await writeFile(params, '{"lungs": {"binarize": {"threshold": -500}}}');
    expect(await refusal("--model", model, "--params", params)).toContain("come from a model");
  });
});
