import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NodulesFile } from "../../src/nodules/case-nodules.ts";
import { makePhantom } from "../../src/phantom/phantom.ts";
import { buildCli } from "../helpers/built-cli.ts";
import { LUNA_HEADER, rowsOf, SMALL, writePose } from "../helpers/luna.ts";

const DOCS = readFileSync(join(import.meta.dirname, "../../docs/TRAINING.md"), "utf8");
const SNIPPETS = [...DOCS.matchAll(/```python\n([\s\S]*?)```/g)].map(([, code]) => code!);
const PYTHON = process.env["PLEURA_PYTHON"] ?? "/usr/bin/python3";
const has = (module: string) => spawnSync(PYTHON, ["-c", `import ${module}`]).status === 0;
/** As much of PyTorch as the snippet uses, where there is none. */
const TORCH = `
import numpy
class Tensor(numpy.ndarray):
    def float(self): return self.astype(numpy.float32)
def from_numpy(a): return a.view(Tensor)
`;

let root: string;
/** Cases in the order of their fold: first those that are held back. */
let cases: string[];

beforeAll(async () => {
  const pleura = await buildCli();
  root = mkdtempSync(join(tmpdir(), "pleura-docs-"));
  let rows = "";
  for (const [i, name] of ["one", "two", "three"].entries()) {
    const phantom = makePhantom({ ...SMALL, seed: i + 1, nodules: i });
    writePose(join(root, "scans", name), phantom, i === 2 ? "prone" : "supine", `1.2.${i}`);
    rows += rowsOf(`1.2.${i}`, phantom)
      .map((row) => `${row}\n`)
      .join("");
  }
  writeFileSync(join(root, "annotations.csv"), LUNA_HEADER + rows);
  const out = join(root, "prepared");
  await pleura.run("prep", join(root, "scans"), "--nodules", join(root, "annotations.csv"), "--out", out);
  const splits = await pleura.run("splits", out, "--folds", "3", "--out", join(root, "splits.json"));
  expect(splits.status).toBe(0);
  const { folds } = JSON.parse(readFileSync(join(root, "splits.json"), "utf8"));
  cases = [...folds[0].val, ...folds[0].train];
  mkdirSync(join(root, "stubs/torch/utils"), { recursive: true });
  writeFileSync(join(root, "stubs/torch/__init__.py"), TORCH);
  writeFileSync(join(root, "stubs/torch/utils/__init__.py"), "");
  writeFileSync(join(root, "stubs/torch/utils/data.py"), "class Dataset: pass\n");
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

function python(code: string, ...paths: string[]): string {
  const env = { ...process.env, PYTHONPATH: paths.join(":") };
  const { status, stdout, stderr } = spawnSync(PYTHON, ["-c", code], { cwd: root, env, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout;
}
const nodulesOf = (name: string) =>
  (JSON.parse(readFileSync(join(root, `prepared/${name}_nodules.json`), "utf8")) as NodulesFile).nodules;

test("the page has three snippets of Python", () => {
  expect(SNIPPETS.map((code) => /nibabel|torch|numpy/.exec(code)?.[0])).toEqual(["numpy", "nibabel", "numpy"]);
});

describe.skipIf(!has("numpy"))("with numpy", () => {
  test("a case is loaded, and both positions of a nodule lead to the patient", () => {
    const everything = SNIPPETS[0]!.replace('folds[0]["val"]', 'folds[0]["val"] + folds[0]["train"]');
    const lines = python(everything).trim().split("\n");
    const expected = cases.flatMap((name) => nodulesOf(name).map(({ patient }) => ({ name, patient })));
    expect(expected).toHaveLength(3);
    expect(lines).toHaveLength(expected.length);
    for (const [i, { name, patient }] of expected.entries()) {
      const [, found, label, clean] = /^(\w+) \[(.*?)\] \[(.*?)\]$/.exec(lines[i]!)!;
      expect(found).toBe(name);
      for (const text of [label, clean]) {
        const point = text!.trim().split(/\s+/).map(Number);
        expect(Math.hypot(...point.map((v, axis) => v - patient[axis]!))).toBeLessThan(0.05);
      }
    }
  });

  test("a PyTorch data set gives crops with their nodules", () => {
    const code = `${SNIPPETS[2]}
for case, row in train.items:
    print(case, row is not None)
for i in range(len(train)):
    image, label = train[i]
    assert image.shape == (1, 96, 96, 96) and -1.01 < float(image.min()) and float(image.max()) < 1
    print(label.shape[0], *[float(image[0][tuple(int(round(float(v))) for v in row[:3])]) for row in label])`;
    const stubs = has("torch") ? [] : [join(root, "stubs")];
    const lines = python(code, ...stubs)
      .trim()
      .split("\n");
    const trained = cases.slice(1).flatMap((name) => {
      const nodules = nodulesOf(name);
      return nodules.length === 0 ? [`${name} False`] : nodules.map(() => `${name} True`);
    });
    expect(lines[0]).toMatch(new RegExp(`^${trained.length} \\(1, 96, 96, 96\\) \\(\\d, 4\\)$`));
    expect(lines.slice(1, 1 + trained.length)).toEqual(trained);
    for (const [i, line] of lines.slice(1 + trained.length).entries()) {
      const [count, ...greys] = line.split(" ").map(Number);
      if (trained[i]!.endsWith("True")) expect(count).toBeGreaterThan(0);
      // Soft tissue, brighter than the lung around it.
      for (const grey of greys) expect(grey).toBeGreaterThan(-0.3);
    }
  });
});

test.skipIf(!has("nibabel"))("with nibabel, clean is an image beside the scan", () => {
  const stdout = python(`${SNIPPETS[1]}
image = nib.load("clean.nii.gz")
for nodule in json.load(open(f"prepared/{case}_nodules.json"))["nodules"]:
    world = image.affine @ [*nodule["clean"][::-1], 1]
    print(*(world[:3] * [-1, -1, 1]))`);
  const [volume, ...points] = stdout.trim().split("\n");
  const { lungs } = JSON.parse(readFileSync(join(root, `prepared/${cases[0]}.json`), "utf8"));
  expect(Math.abs(Number.parseInt(volume!, 10) - lungs.totalMl)).toBeLessThan(2);
  const expected = nodulesOf(cases[0]!);
  expect(points).toHaveLength(expected.length);
  for (const [i, { patient }] of expected.entries()) {
    const point = points[i]!.split(" ").map(Number);
    expect(Math.hypot(...point.map((v, axis) => v - patient[axis]!))).toBeLessThan(0.05);
  }
});
