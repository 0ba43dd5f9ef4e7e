import { describe, expect, test } from "vitest";
import { labelScan } from "../../src/model/label-scan.ts";
import type { NetworkAnswer, SliceNetwork } from "../../src/model/network.ts";
import { type ModelRecipe, parseRecipe } from "../../src/model/recipe.ts";
import type { Triple } from "../../src/volume/volume.ts";

const SHAPE: Triple = [4, 16, 24];
const RECIPE = parseRecipe({ size: [16, 24], crop: "none", window: [-1000, 1000], scale: [-1, 1] });

/** Soft tissue with two dark blocks: the right lung at small x, the left at large x. */
function chest(): Int16Array {
  const hu = new Int16Array(SHAPE[0] * SHAPE[1] * SHAPE[2]).fill(50);
  for (let z = 0; z < 4; z++) {
    for (let y = 4; y < 12; y++) {
      for (let x = 3; x < 21; x++) if (x < 9 || x >= 15) hu[(z * 16 + y) * 24 + x] = -800;
    }
  }
  return hu;
}

/** Answers with the class that a function gives for each value of the first channel. */
function network(classOf: (value: number, x: number) => number): SliceNetwork {
  return {
    runtime: "test",
    async run(values, dims): Promise<NetworkAnswer> {
      const [, , height, width] = dims;
      const data = new Float32Array(3 * height * width);
      for (let i = 0; i < height * width; i++) data[classOf(values[i]!, i % width) * height * width + i] = 1;
      return { data, dims: [1, 3, height, width] };
    },
  };
}
const answering = (data: NetworkAnswer["data"], dims: readonly number[]): SliceNetwork => ({
  runtime: "test",
  run: async () => ({ data, dims }),
});
const scan = { voxels: chest(), shape: SHAPE };
const label = (one: SliceNetwork, recipe: ModelRecipe = RECIPE) => labelScan(scan, one, recipe, { file: "m.onnx" });

test("labels where the network sees lung", async () => {
  const labels = await label(network((value, x) => (value < -0.5 ? (x < 12 ? 1 : 2) : 0)));
  expect(Array.from(labels)).toEqual(Array.from(chest(), (hu, i) => (hu < -500 ? (i % 24 < 12 ? 1 : 2) : 0)));
});

test("a smaller image of the slice goes back to its pixels", async () => {
  const recipe = { ...RECIPE, size: [8, 12] as const, postprocess: false };
  const labels = await label(
    network((_, x) => (x < 6 ? 1 : 2)),
    recipe,
  );
  // Pixel x lies nearest to column x * 11 / 23 of the image.
  expect(Array.from(labels.slice(0, 24))).toEqual(
    Array.from({ length: 24 }, (_, x) => ((x * 11) / 23 + 0.5 < 6 ? 1 : 2)),
  );
});

test("the slice is repeated in each channel", async () => {
  let seen: Float32Array | undefined;
  const spy: SliceNetwork = {
    ...network((_, x) => (x < 12 ? 1 : 2)),
    run: (values, dims) => {
      seen = values;
      expect(dims).toEqual([1, 3, 16, 24]);
      return network((_, x) => (x < 12 ? 1 : 2)).run(values, dims);
    },
  };
  await label(spy, { ...RECIPE, channels: 3 });
  const third = seen!.length / 3;
  expect(seen!.slice(third, 2 * third)).toEqual(seen!.slice(0, third));
  expect(seen!.slice(2 * third)).toEqual(seen!.slice(0, third));
  expect(Math.min(...seen!)).toBeCloseTo(-0.8, 6);
});

test("labels of 64 bits, and masks", async () => {
  const isLung = Array.from({ length: 16 * 24 }, (_, i) => (i % 24 < 6 ? 1 : 0));
  const labels = await label(answering(BigInt64Array.from(isLung, BigInt), [1, 16, 24]), {
    ...RECIPE,
    answer: "labels",
  });
  expect(Array.from(labels.slice(0, 24 * 16))).toEqual(isLung);
  const values = Float32Array.from(isLung, (one) => (one === 1 ? 0.9 : 0.2));
  const mask = await label(answering(values, [1, 1, 16, 24]), { ...RECIPE, answer: "mask" });
  expect(mask).toEqual(labels);
});

describe("refuses an answer that is not the recipe's", () => {
  const zeros = new Float32Array(3 * 16 * 24);
  const broken = zeros.slice();
  broken[7] = Number.NaN;
  test.each<[string, NetworkAnswer["data"], number[], Partial<ModelRecipe>, string]>([
    ["NaN", broken, [1, 3, 16, 24], {}, "1 of 1152 values are not a number (NaN)"],
    ["another size", zeros, [1, 3, 24, 16], {}, "1 × 3 × 24 × 16"],
    ["one class", zeros.slice(0, 384), [1, 1, 16, 24], {}, "1 × 1 × 16 × 24"],
    ["a class for each image", zeros, [3, 1, 16, 24], {}, "3 × 1 × 16 × 24"],
    ["several planes as labels", zeros, [1, 3, 16, 24], { answer: "labels" }, "1 × 3 × 16 × 24"],
    ["halves as labels", zeros.slice(0, 384).fill(0.5), [1, 16, 24], { answer: "labels" }, "a value of 0.5"],
    ["negative labels", zeros.slice(0, 384).fill(-1), [1, 16, 24], { answer: "labels" }, "a value of -1"],
    ["integers as classes", new BigInt64Array(1152), [1, 3, 16, 24], {}, "whole numbers of 64 bits"],
    ["a number", new Float32Array(1), [], {}, "one number"],
  ])("%s", async (_, data, dims, recipe, measured) => {
    const failing = label(answering(data, dims), { ...RECIPE, ...recipe });
    await expect(failing).rejects.toMatchObject({ code: "bad-model", stage: "lungs", file: "m.onnx", measured });
  });

  test("nothing but background", async () => {
    await expect(label(network(() => 0))).rejects.toMatchObject({ code: "empty-mask", file: "m.onnx" });
  });
});

test("ends between two slices", async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  const onSlice = (done: number) => {
    seen.push(done);
    if (done === 2) controller.abort(new Error("enough"));
  };
  const one = network((_, x) => (x < 12 ? 1 : 2));
  const running = labelScan(scan, one, RECIPE, { file: "m.onnx", signal: controller.signal, onSlice });
  await expect(running).rejects.toThrow("enough");
  expect(seen).toEqual([1, 2]);
});
