import { isDeepStrictEqual } from "node:util";
import { findSettled } from "../node/settled.ts";
import { type CaseJob, jobId } from "./case-job.ts";
import { type CaseQueue, PAGE, type QueuedCase } from "./case-queue.ts";
import { tryParseJob } from "./job-schema.ts";

/**
 * What adding a case came to.
 *
 * - `added`: it waits now, or again, for it had failed or what had been done of it does not stand
 * - `changed`: it was waiting with other parameters and now waits with these
 * - `queued`: it was waiting, or a worker has it, with these parameters
 * - `done`: its outputs stand
 * - `busy`: a worker has it with other parameters; nothing was changed
 */
export type Added = "added" | "changed" | "queued" | "done" | "busy";

/**
 * Puts cases into the queue that are not there or done yet. The same again changes nothing.
 *
 * @param jobs - made by `caseJob`
 * @param onCase - called for each case, in their order
 */
export async function addCases(
  queue: CaseQueue,
  jobs: readonly CaseJob[],
  onCase: (name: string, added: Added) => void,
): Promise<void> {
  for (let first = 0; first < jobs.length; first += PAGE) {
    const page = jobs.slice(first, first + PAGE);
    const outcomes = await Promise.all(page.map((job) => addCase(queue, job)));
    for (const [i, job] of page.entries()) onCase(job.options.name, outcomes[i] as Added);
  }
}

async function addCase(queue: CaseQueue, job: CaseJob): Promise<Added> {
  // What is refused is not done, whatever an earlier run has left.
  const { settled } = job.refused === undefined ? await findSettled(job, job.options) : {};
  if (settled !== undefined) return "done";
  const id = jobId(job);
  const before = await queue.getJob(id);
  const state = await before?.getState();
  if (before === undefined || state === "unknown") {
    await queue.add(job.options.name, job, { jobId: id });
    return "added";
  }
  if (state === "failed" || state === "completed") {
    return (await queueAgain(before, state, job)) ? "added" : "queued";
  }
  // What is there may be anything: it is replaced then.
  const { forgiven: _, ...known } = tryParseJob(before.data) ?? {};
  if (isDeepStrictEqual(known, job)) return "queued";
  if (state === "active") return "busy";
  await before.updateData({ ...job, forgiven: before.stalledCounter });
  // A worker may have taken it just before, as it was.
  return (await before.getState()) === "active" ? "busy" : "changed";
}

/**
 * Queues a job that has ended once more. It is never taken out for that: what stops in between loses nothing.
 *
 * @returns false when somebody else has queued it, or taken it out, meanwhile
 */
export async function queueAgain(job: QueuedCase, state: "failed" | "completed", data: CaseJob): Promise<boolean> {
  try {
    await job.updateData({ ...data, forgiven: job.stalledCounter });
    await job.retry(state, { resetAttemptsMade: true });
    return true;
  } catch (error) {
    // BullMQ numbers what its scripts refuse; all else is Redis's own.
    if (typeof (error as { code?: unknown }).code === "number") return false;
    throw error;
  }
}
