import { availableParallelism, freemem } from "node:os";
import { expect, test } from "vitest";
import { limitsOf, workersThatFit } from "../../src/node/capacity.ts";

test("there are as many workers as cores, or as fit into the free memory, and at least one", () => {
  expect(workersThatFit(1)).toBe(availableParallelism());
  expect(workersThatFit(freemem() / 1.5)).toBe(1);
  expect(workersThatFit(1e18)).toBe(1);
});

test("limits that are given count, the usual ones for the others, and nonsense is refused", () => {
  expect(limitsOf({})).toEqual({ timeout: 600, memory: 2e9 });
  expect(limitsOf({ memory: 5e8 })).toEqual({ timeout: 600, memory: 5e8 });
  for (const wrong of [0, -1, Number.NaN]) {
    expect(() => limitsOf({ timeout: wrong })).toThrow(/timeout/);
    expect(() => limitsOf({ memory: wrong })).toThrow(/memory/);
  }
});
