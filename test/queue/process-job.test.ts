import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { PleuraError } from "../../src/errors.ts";
import type { CaseWorker } from "../../src/node/case-worker.ts";
import { parseFailure } from "../../src/queue/case-job.ts";
import type { QueuedCase } from "../../src/queue/case-queue.ts";
import { makeJobProcessor } from "../../src/queue/process-job.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "pleura-job-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** A job as BullMQ hands it over, and what is done with it. */
function makeJob(stalledCounter = 0, forgiven?: number) {
  const data = { folder: join(root, "scan"), options: { out: join(root, "out"), name: "scan" }, forgiven };
  const moves = { moveToWait: vi.fn(), moveToDelayed: vi.fn() };
  return { ...moves, job: { data, stalledCounter, ...moves } as unknown as QueuedCase };
}

/** A case process that does as it is told. */
function makeProcess(run: () => Promise<unknown>): CaseWorker {
  return { run, pid: undefined, end: async () => undefined } as unknown as CaseWorker;
}

test("a case that another process holds is looked at later", async () => {
  const { job, moveToDelayed } = makeJob();
  const processJob = makeJobProcessor([makeProcess(async () => undefined)], { out: [root] }, {});
  await expect(processJob(job, "token")).rejects.toThrow(expect.objectContaining({ name: "DelayedError" }));
  expect(moveToDelayed).toHaveBeenCalledWith(expect.any(Number), "token");
});

test("a case of a worker that is ended goes back", async () => {
  const { job, moveToWait } = makeJob();
  const ended = new PleuraError("aborted", "the run was ended", { stage: "read" });
  const processJob = makeJobProcessor([makeProcess(() => Promise.reject(ended))], { out: [root] }, {});
  await expect(processJob(job, "token")).rejects.toThrow(expect.objectContaining({ name: "WaitingError" }));
  expect(moveToWait).toHaveBeenCalledWith("token");
});

test("a failure keeps its type, one that nobody foresaw too", async () => {
  const onCase = vi.fn();
  const failure = { code: "no-lungs", stage: "select", message: "select: none", measured: "0 L", limit: "0.68 L" };
  const results = [{ case: "scan", status: "failed", milliseconds: 1, failure }];
  const process = makeProcess(async () => results.pop() ?? Promise.reject(new Error("a bug")));
  const processJob = makeJobProcessor([process], { out: [root] }, { onCase });
  const reason = () => processJob(makeJob().job).catch((error: Error) => parseFailure(error.message));
  expect(await reason()).toEqual(failure);
  const crashed = await reason();
  expect(crashed).toMatchObject({
    code: "crashed",
    stage: "queue",
    measured: expect.stringMatching(/^Error at .*:\d+\)$/),
  });
  // Its own words may repeat what was read.
  expect(JSON.stringify(crashed)).not.toContain("a bug");
  expect(onCase).toHaveBeenCalledTimes(2);
});

test("a case that costs one worker after the other fails, unless that was forgiven", async () => {
  const run = vi.fn(async () => ({ case: "scan", status: "done", milliseconds: 5 }));
  const processJob = makeJobProcessor([makeProcess(run)], { out: [root] }, {});
  expect(await processJob(makeJob(3).job)).toEqual({ status: "done", milliseconds: 5 });
  expect(await processJob(makeJob(4, 1).job)).toEqual({ status: "done", milliseconds: 5 });
  const error = (await processJob(makeJob(4).job).catch((error: unknown) => error)) as Error;
  expect(parseFailure(error.message)).toMatchObject({ code: "crashed", stage: "queue", measured: "4 workers lost" });
  expect(run).toHaveBeenCalledTimes(2);
  expect(await readFile(join(root, "out/.pleura/scan.failed.json"), "utf8")).toContain("4 workers lost");
});
