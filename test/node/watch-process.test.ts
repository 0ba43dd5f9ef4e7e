import { expect, test } from "vitest";
import { type Excess, watchProcess } from "../../src/node/watch-process.ts";

const LIMIT = 100e6;

test("memory that the process held before the case does not count", async () => {
  const before = process.memoryUsage.rss();
  let held: Buffer | undefined;
  const excess = await new Promise<Excess>((resolve) => {
    watchProcess(process.pid, { timeout: 600, memory: LIMIT }, resolve, before);
    held = Buffer.alloc(2 * LIMIT, 1);
  });
  expect(held?.length).toBe(2 * LIMIT);
  expect(excess).toMatchObject({ of: "memory", limit: "100 MB" });
  // The whole process is larger than what it has grown by.
  expect(Number.parseInt(excess.measured, 10) * 1e6).toBeLessThan(2 * LIMIT + before / 2);
});
