import type { CaseQueue } from "./case-queue.ts";
import { queueCounts } from "./queue-status.ts";

/**
 * Takes out all jobs that no worker has.
 *
 * @returns how many there were
 */
export async function drainQueue(queue: CaseQueue): Promise<number> {
  const { waiting, held } = await queueCounts(queue);
  await queue.drain(true);
  return waiting + held;
}
