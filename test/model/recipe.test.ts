import { describe, expect, test } from "vitest";
import { parseRecipe, R231_RECIPE } from "../../src/model/recipe.ts";

test("what a recipe leaves out is R231's", () => {
  expect(parseRecipe({})).toEqual(R231_RECIPE);
  expect(parseRecipe({ size: [512, 512], crop: "none", labels: { both: [2, 3] } })).toEqual({
    ...R231_RECIPE,
    size: [512, 512],
    crop: "none",
    labels: { both: [2, 3] },
  });
});

test("a mask has one label for both lungs", () => {
  expect(parseRecipe({ answer: "mask" }).labels).toEqual({ both: [1] });
});

describe("refuses", () => {
  test.each([
    ["a list", []],
    ["a text", "r231"],
    ["a field that there is not", { sizes: [256, 256] }],
    ["a field of all objects", { constructor: 1 }],
    ["one number for the size", { size: 256 }],
    ["a size of part of a pixel", { size: [256.5, 256] }],
    ["a window upside down", { window: [600, -1024] }],
    ["a window without width", { window: [0, 0] }],
    ["a scale without width", { scale: [1, 1] }],
    ["a scale without end", { scale: [0, Number.POSITIVE_INFINITY] }],
    ["no channels", { channels: 0 }],
    ["an unknown crop", { crop: "lung" }],
    ["an unknown answer", { answer: "logits" }],
    ["a threshold that is a text", { threshold: "0.5" }],
    ["labels of one side", { labels: { right: [1] } }],
    ["a label twice", { labels: { right: [1], left: [1] } }],
    ["the background as a label", { labels: { both: [0] } }],
    ["no labels", { labels: { right: [], left: [] } }],
  ])("%s", (_, recipe) => {
    expect(() => parseRecipe(recipe)).toThrow(expect.objectContaining({ code: "invalid-option" }));
  });
});
