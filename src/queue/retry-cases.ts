import { queueAgain } from "./add-cases.ts";
import { type CaseQueue, PAGE } from "./case-queue.ts";
import { tryParseJob } from "./job-schema.ts";
import { failedJobs, jobLabel } from "./queue-status.ts";

/** What became of a failed case that was to be tried again. */
export interface Retried {
  readonly case: string;
  /**
   * - `added`: it waits again
   * - `invalid`: the job is no case's and was left where it is
   * - `changed`: somebody else has queued it, or taken it out, meanwhile
   */
  readonly outcome: "added" | "invalid" | "changed";
}

/**
 * Puts failed cases back into the queue.
 *
 * @param names - the cases; none stands for all
 * @returns one for each failed job with such a name, the one that failed first at the beginning
 */
export async function retryCases(queue: CaseQueue, names: readonly string[]): Promise<Retried[]> {
  const jobs = (await failedJobs(queue))
    .map(({ id, job }) => ({ job, case: jobLabel(job?.data, id) }))
    .filter((one) => names.length === 0 || names.includes(one.case));
  // The one that failed first goes first.
  jobs.reverse();
  const retried: Retried[] = [];
  for (let first = 0; first < jobs.length; first += PAGE) {
    const page = jobs.slice(first, first + PAGE);
    retried.push(
      ...(await Promise.all(
        page.map(async (one): Promise<Retried> => {
          const data = tryParseJob(one.job?.data);
          if (one.job === undefined || data === undefined) return { case: one.case, outcome: "invalid" };
          const isQueued = await queueAgain(one.job, "failed", data);
          return { case: one.case, outcome: isQueued ? "added" : "changed" };
        }),
      )),
    );
  }
  return retried;
}
