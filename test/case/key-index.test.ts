import { expect, test } from "vitest";
import { KeyIndex } from "../../src/case/key-index.ts";

const find = (keys: readonly string[], ...names: string[]) => new KeyIndex(keys).find({ names });

test("names are matched as they are written, then loosely", () => {
  expect(find(["0012", "a"], "0012")).toEqual({ key: "0012", by: "name" });
  expect(find(["0012", "a"], "12")).toEqual({ key: "0012", by: "name" });
});

test("a loose name that several keys share is refused, and says which they are", () => {
  expect(() => find(["012", "0012"], "12")).toThrow(
    expect.objectContaining({ code: "invalid-option", measured: "2 names", quote: "012, 0012 for 12" }),
  );
  expect(() => find(["a b", "a+b"], "other", "a_b")).toThrow(expect.objectContaining({ quote: "a b, a+b for a_b" }));
  expect(find(["a b", "a+b"], "a+b")).toEqual({ key: "a+b", by: "name" });
  expect(find(["012", "0012"], "0012")).toEqual({ key: "0012", by: "name" });
  expect(find(["012", "0012", "7"], "07")).toEqual({ key: "7", by: "name" });
});
