import { queueAgain } from "./add-cases.ts";
import { type CaseQueue, PAGE } from "./case-queue.ts";
import { failedJobs } from "./queue-status.ts";

/**
 * Puts failed cases back into the queue.
 *
 * @param names - the cases; none stands for all
 * @returns names of those that wait again
 */
export async function retryCases(queue: CaseQueue, names: readonly string[]): Promise<string[]> {
  const jobs = (await failedJobs(queue)).filter(({ name }) => names.length === 0 || names.includes(name));
  // The one that failed first goes first.
  jobs.reverse();
  for (let first = 0; first < jobs.length; first += PAGE) {
    await Promise.all(jobs.slice(first, first + PAGE).map((job) => queueAgain(job, "failed", job.data)));
  }
  return jobs.map(({ name }) => name);
}
