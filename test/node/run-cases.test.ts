import { expect, test } from "vitest";
import { runCases } from "../../src/node/run-cases.ts";

test("cases go to workers in order, and their results come back by number", async () => {
  const began: number[] = [];
  const worker = async (index: number) => {
    began.push(index);
    await new Promise((resolve) => setTimeout(resolve, index === 0 ? 20 : 1));
    return index * 10;
  };
  expect(await runCases(5, [worker, worker])).toEqual([0, 10, 20, 30, 40]);
  expect(began).toEqual([0, 1, 2, 3, 4]);
});

test("a case that another process works on comes back after all others, until it is released", async () => {
  const tried: number[] = [];
  const worker = async (index: number) => {
    tried.push(index);
    return index === 0 && tried.length < 5 ? undefined : index;
  };
  expect(await runCases(3, [worker])).toEqual([0, 1, 2]);
  expect(tried).toEqual([0, 1, 2, 0, 0]);
});

test("nothing begins after the stop", async () => {
  const stop = new AbortController();
  const worker = async (index: number) => {
    if (index === 1) stop.abort();
    return index;
  };
  expect(await runCases(4, [worker], stop.signal)).toEqual([0, 1, undefined, undefined]);
});
