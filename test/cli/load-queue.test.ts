import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { QUEUE_LIBRARIES } from "../../src/cli/load-queue.ts";

test("what is to be installed for the queue is what package.json names", () => {
  const { peerDependencies } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(peerDependencies).toMatchObject(QUEUE_LIBRARIES);
});
