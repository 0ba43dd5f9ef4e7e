import { expect, test } from "vitest";
import { KeyIndex } from "../../src/case/key-index.ts";

const find = (keys: readonly string[], ...names: string[]) => new KeyIndex(keys).find({ names });

test("names are matched as they are written, then loosely", () => {
  expect(find(["0012", "a"], "0012")).toEqual({ key: "0012", by: "name" });
  expect(find(["0012", "a"], "12")).toEqual({ key: "0012", by: "name" });
});

test("a loose name that several keys share matches none of them", () => {
  expect(find(["012", "0012"], "12")).toBeUndefined();
  expect(find(["012", "0012"], "0012")).toEqual({ key: "0012", by: "name" });
  expect(find(["012", "0012", "7"], "07")).toEqual({ key: "7", by: "name" });
});
