import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseRecipe } from "../../../src/model/recipe.ts";
import { loadRuntime } from "../../../src/node/model/load-runtime.ts";
import { hashModel, readModel } from "../../../src/node/model/model-file.ts";
import { openNetwork } from "../../../src/node/model/open-network.ts";
import { tinyClass, tinyModel } from "../../helpers/onnx.ts";
import { hasRuntime, loadWebRuntime, missingPackage } from "../../helpers/onnx-runtime.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "pleura-model-"));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});
const RECIPE = parseRecipe({ size: [16, 24] });

async function open(bytes: Uint8Array, recipe = RECIPE) {
  const path = join(root, "one.onnx");
  await writeFile(path, bytes);
  return openNetwork(await readModel(path), recipe, "model one.onnx", 1, loadWebRuntime);
}

describe.runIf(hasRuntime)("by ONNX Runtime", () => {
  test("a model's answer is the one that is known", async () => {
    const network = await open(tinyModel({ size: [16, 24] }));
    expect(network.runtime).toMatch(/^onnxruntime-(node|web) 1\.\d+\.\d+/);
    const values = Float32Array.from({ length: 16 * 24 }, (_, i) => (i % 7) / 10);
    const { data, dims } = await network.run(values, [1, 1, 16, 24]);
    expect(dims).toEqual([1, 3, 16, 24]);
    const planes = data as Float32Array;
    const classes = Array.from({ length: 16 * 24 }, (_, i) => {
      const scores = [0, 1, 2].map((c) => planes[c * 16 * 24 + i]!);
      return scores.indexOf(Math.max(...scores));
    });
    const wanted = Array.from(values, (value, i) => tinyClass(value, Math.floor(i / 24), i % 24, [16, 24]));
    expect(classes).toEqual(wanted);
    expect(new Set(wanted)).toEqual(new Set([0, 1, 2]));
  });

  describe("refuses", () => {
    const refused = async (bytes: Uint8Array, recipe = RECIPE) => open(bytes, recipe).catch((error: unknown) => error);

    test("what is no model", async () => {
      const error = await refused(new TextEncoder().encode("weights of a network"));
      expect(error).toMatchObject({ code: "bad-model", stage: "lungs", file: "model one.onnx" });
      expect((error as Error).message).toContain("The model cannot be loaded");
    });

    test("half of a model", async () => {
      const whole = tinyModel({ size: [16, 24] });
      expect(await refused(whole.subarray(0, whole.length / 2))).toMatchObject({ code: "bad-model" });
    });

    test.each([
      ["another size", tinyModel({ size: [24, 16] }), "1 × 1 × 24 × 16", "1 × 1 × 16 × 24"],
      ["three channels", tinyModel({ size: [16, 24], inputChannels: 3 }), "1 × 3 × 16 × 24", "1 × 1 × 16 × 24"],
    ])("%s", async (_, bytes, measured, limit) => {
      expect(await refused(bytes)).toMatchObject({ code: "bad-model", measured, limit });
    });

    test("an output that there is not", async () => {
      const error = await refused(tinyModel({ size: [16, 24] }), { ...RECIPE, output: "lungs" });
      expect(error).toMatchObject({ code: "bad-model", quote: "classes" });
    });
  });

  test("names of dimensions take any size", async () => {
    const network = await open(tinyModel({ size: ["height", "width"] }), parseRecipe({ size: [64, 64] }));
    const { dims } = await network.run(new Float32Array(64 * 64), [1, 1, 64, 64]);
    expect(dims).toEqual([1, 3, 64, 64]);
  });

  test("a failure on a slice is the model's", async () => {
    const network = await open(tinyModel({ size: ["height", "width"] }), RECIPE);
    const failing = network.run(new Float32Array(16 * 24), [1, 1, 16, 24]);
    await expect(failing).rejects.toMatchObject({ code: "bad-model", what: "The model failed on a slice" });
  });
});

test("a hash is that of the bytes as they are now", async () => {
  const path = join(root, "hashed.onnx");
  await writeFile(path, "abc");
  const first = await hashModel(path);
  expect(first).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(await hashModel(path)).toBe(first);
  await writeFile(path, "abcd");
  expect(await hashModel(path)).not.toBe(first);
});

test.each([
  ["a folder", () => root],
  ["an empty file", () => join(root, "empty.onnx")],
])("no model: %s", async (_, path) => {
  await writeFile(join(root, "empty.onnx"), "");
  await expect(readModel(path())).rejects.toMatchObject({ code: "bad-model", stage: "options" });
});

describe("the runtime", () => {
  const web = { InferenceSession: {}, Tensor: {}, env: { versions: { common: "1.2.2", web: "1.2.3" } } };

  test("is the one for Node where it is installed, or else the one for the web", async () => {
    const both = await loadRuntime(async (name) =>
      name === "onnxruntime-node" ? { default: { ...web, env: { versions: { node: "1.9.9" } } } } : web,
    );
    expect(both.name).toBe("onnxruntime-node 1.9.9");
    const one = await loadRuntime((name) =>
      name === "onnxruntime-web" ? Promise.resolve(web) : Promise.reject(missingPackage(name)),
    );
    expect(one.name).toBe("onnxruntime-web 1.2.3");
  });

  test("says what to install where there is none", async () => {
    const none = loadRuntime((name) => Promise.reject(missingPackage(name)));
    await expect(none).rejects.toMatchObject({
      code: "not-installed",
      hint: expect.stringMatching(/npm install onnxruntime-node .*npm install onnxruntime-web/),
    });
  });

  test("is not replaced by the other where it is broken", async () => {
    const broken = loadRuntime((name) =>
      name === "onnxruntime-node" ? Promise.reject(new Error("no such binding")) : Promise.resolve(web),
    );
    await expect(broken).rejects.toMatchObject({ code: "not-installed", quote: "no such binding" });
  });

  test("out of memory is told from a wrong model", async () => {
    // Of a session that cannot be made: the words are those of WebAssembly and of the C++ library.
    for (const words of [
      "std::bad_alloc",
      "failed to allocate a buffer",
      "RangeError: WebAssembly.Memory(): out of memory",
    ]) {
      const ort = { ...web, InferenceSession: { create: () => Promise.reject(new Error(words)) } };
      const opening = openNetwork(
        { bytes: new Uint8Array(1), sha256: words },
        RECIPE,
        "model one.onnx",
        1,
        async () => ({ package: "onnxruntime-web", name: "onnxruntime-web 0", ort: ort as never }),
      );
      await expect(opening).rejects.toMatchObject({ code: "out-of-memory", file: "model one.onnx" });
    }
  });
});
