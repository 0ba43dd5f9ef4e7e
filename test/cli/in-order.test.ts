import fc from "fast-check";
import { expect, test } from "vitest";
import { inOrder } from "../../src/cli/in-order.ts";
import type { CaseResult } from "../../src/node/prep-case.ts";

const result = (name: string) => ({ case: name }) as CaseResult;
const NAMES = ["a", "b", "c", "d", "e"];

test("results that come in any order go on in the order of the cases", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(NAMES, { minLength: NAMES.length }), (arrival) => {
      const seen: string[] = [];
      const take = inOrder(NAMES, (one) => seen.push(one.case));
      for (const name of arrival) take(result(name));
      expect(seen).toEqual(NAMES);
    }),
  );
});

test("a result goes on as soon as all before it have come", () => {
  const seen: string[] = [];
  const take = inOrder(NAMES, (one) => seen.push(one.case));
  take(result("b"));
  expect(seen).toEqual([]);
  take(result("a"));
  expect(seen).toEqual(["a", "b"]);
});
