import type { CaseFailure } from "../node/failure.ts";
import { parseFailure } from "./case-job.ts";
import { type CaseQueue, PAGE, type QueuedCase } from "./case-queue.ts";

/** How many jobs there are of each kind. */
export interface QueueCounts {
  /** Nobody has begun them. */
  readonly waiting: number;
  /** A worker has them. */
  readonly active: number;
  /** A process outside of the queue has the case; a worker looks again soon. */
  readonly held: number;
  readonly failed: number;
  /** Done within the last week. */
  readonly done: number;
}

/** Counts the jobs. */
export async function queueCounts(queue: CaseQueue): Promise<QueueCounts> {
  const {
    wait = 0,
    active = 0,
    delayed = 0,
    failed = 0,
    completed = 0,
  } = await queue.getJobCounts("wait", "active", "delayed", "failed", "completed");
  return { waiting: wait, active, held: delayed, failed, done: completed };
}

/** A case that failed, and why. */
export interface FailedCase {
  readonly case: string;
  /** Absolute path of the input. */
  readonly folder: string;
  /** Output folder. */
  readonly out: string;
  readonly failure: CaseFailure;
  /** When it failed, milliseconds since 1970. */
  readonly at: number;
}

/** The cases that failed, the latest first. */
export async function failedCases(queue: CaseQueue): Promise<FailedCase[]> {
  const jobs = await failedJobs(queue);
  return jobs.map(({ data: { folder, options }, failedReason, finishedOn = 0 }) => {
    return { case: options.name, folder, out: options.out, failure: parseFailure(failedReason), at: finishedOn };
  });
}

/** All failed jobs, the latest first. */
export async function failedJobs(queue: CaseQueue): Promise<QueuedCase[]> {
  const jobs: QueuedCase[] = [];
  for (let first = 0; ; first += PAGE) {
    const page = await queue.getFailed(first, first + PAGE - 1);
    // A job may be taken out between the list and the look.
    jobs.push(...page.filter((job) => job !== undefined));
    if (page.length < PAGE) return jobs;
  }
}
