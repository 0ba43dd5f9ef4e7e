import type { CaseQueue } from "./case-queue.ts";
import { queueCounts } from "./queue-status.ts";

/** Milliseconds by which no clock is wrong: what failed "in the future" counts too. */
const TEN_YEARS_MS = 10 * 365 * 24 * 3600 * 1000;

/**
 * Takes out all jobs that no worker has.
 *
 * @param failed - also those that failed. Default false
 * @returns how many there were
 */
export async function drainQueue(queue: CaseQueue, { failed = false } = {}): Promise<number> {
  const { waiting, held } = await queueCounts(queue);
  await queue.drain(true);
  const removed = failed ? await queue.clean(-TEN_YEARS_MS, 0, "failed") : [];
  return waiting + held + removed.length;
}
