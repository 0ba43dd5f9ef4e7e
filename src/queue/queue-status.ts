import { createHash } from "node:crypto";
import type { CaseFailure } from "../node/failure.ts";
import { parseFailure } from "./case-job.ts";
import { type CaseQueue, PAGE, type QueuedCase } from "./case-queue.ts";
import { tryParseJob } from "./job-schema.ts";
import { isBrokenRecord } from "./tolerant-job.ts";

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
  /** Name of the case, or of a job that is no case's: see {@link jobLabel}. */
  readonly case: string;
  /** Absolute path of the input; `undefined` when the job is no case's. */
  readonly folder: string | undefined;
  /** Output folder; `undefined` when the job is no case's. */
  readonly out: string | undefined;
  readonly failure: CaseFailure;
  /** When it failed, milliseconds since 1970. */
  readonly at: number;
}

/** The cases that failed, the latest first. */
export async function failedCases(queue: CaseQueue): Promise<FailedCase[]> {
  const jobs = await failedJobs(queue);
  return jobs.map(({ id, job }) => {
    const { data, failedReason, finishedOn = 0 } = job ?? {};
    const known = tryParseJob(data);
    const failure = parseFailure(failedReason);
    return { case: jobLabel(data, id), folder: known?.folder, out: known?.options.out, failure, at: finishedOn };
  });
}

/** One of the failed jobs. */
export interface FailedJob {
  readonly id: string;
  /** `undefined` when what Redis holds of it is broken. */
  readonly job: QueuedCase | undefined;
}

/** All failed jobs, the latest first. One that is broken costs no other. */
export async function failedJobs(queue: CaseQueue): Promise<FailedJob[]> {
  const jobs: FailedJob[] = [];
  for (let first = 0; ; first += PAGE) {
    const ids = await queue.getRanges(["failed"], first, first + PAGE - 1);
    const page = await Promise.all(ids.map((id) => readJob(queue, id)));
    // A job may be taken out between the list and the look.
    jobs.push(...page.filter((one) => one !== undefined));
    if (ids.length < PAGE) return jobs;
  }
}

async function readJob(queue: CaseQueue, id: string): Promise<FailedJob | undefined> {
  try {
    const job = await queue.getJob(id);
    return job && { id, job };
  } catch (error) {
    if (isBrokenRecord(error)) return { id, job: undefined };
    throw error;
  }
}

/** The name of a job's case; `job-<12 hex digits>` for a job that is no case's, whose own words are not to be repeated. */
export function jobLabel(data: unknown, id: string | undefined): string {
  const digest = () => createHash("sha256").update(String(id)).digest("hex").slice(0, 12);
  return tryParseJob(data)?.options.name ?? `job-${digest()}`;
}
