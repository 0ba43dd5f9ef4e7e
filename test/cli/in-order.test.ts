import fc from "fast-check";
import { expect, test } from "vitest";
import { inOrder } from "../../src/cli/in-order.ts";

const NAMES = ["a", "b", "c", "d", "e"];

test("what comes in any order goes on in the order of the cases", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(NAMES, { minLength: NAMES.length }), (arrival) => {
      const seen: string[] = [];
      const take = inOrder(NAMES, (line: string) => seen.push(line));
      for (const name of arrival) take(name, name);
      expect(seen).toEqual(NAMES);
    }),
  );
});

test("it goes on as soon as all before it have come", () => {
  const seen: (string | undefined)[] = [];
  const take = inOrder(NAMES, (line: string | undefined) => seen.push(line));
  take("b", undefined);
  expect(seen).toEqual([]);
  take("a", "line of a");
  expect(seen).toEqual(["line of a", undefined]);
});
