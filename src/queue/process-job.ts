import { DelayedError, WaitingError } from "bullmq";
import { counted } from "../counted.ts";
import { PleuraError, type Stage } from "../errors.ts";
import type { CaseWorker, WorkerEvents } from "../node/case-worker.ts";
import { toFailure } from "../node/failure.ts";
import type { CaseResult } from "../node/prep-options.ts";
import { recordDeath } from "../node/settle-failure.ts";
import { sweep } from "../node/sweep.ts";
import { type CaseJob, JobFailure, type JobResult } from "./case-job.ts";
import type { QueuedCase } from "./case-queue.ts";
import { parseJob } from "./job-schema.ts";
import { jobLabel } from "./queue-status.ts";
import { keepBelow, type Roots } from "./roots.ts";

/** A case held by a process outside of the queue is looked at again after so long, milliseconds. */
const HELD_MS = 2_000;
/** A case whose worker was lost more often than this is taken for the reason. */
const MOST_LOSSES = 3;

/** What is told of the cases while they are worked on. */
export interface JobEvents {
  readonly onStage?: (name: string, stage: Stage) => void;
  /** The case's process has died, and a fresh one tries once more. */
  readonly onRetry?: (name: string, death: PleuraError) => void;
  /** The case has ended; Redis is told next. */
  readonly onCase?: (result: CaseResult) => void;
}

/** Does jobs, as BullMQ calls it: gives what Redis is to keep, or throws what else becomes of the job. */
export interface JobProcessor {
  (job: QueuedCase, token?: string): Promise<JobResult>;
  /** Output folders of the jobs so far, below the roots. */
  readonly folders: ReadonlySet<string>;
  /** Resolves when the cases that run now have ended. */
  idle(): Promise<void>;
}

/**
 * Makes what BullMQ calls for each job. The case itself runs in a process of the batch, with its
 * limits, its second try and its lock; this process only waits, and keeps the job's lock in Redis alive.
 *
 * @param processes - as many as there are jobs at a time
 * @param roots - as `openRoots` gives them
 */
export function makeJobProcessor(processes: readonly CaseWorker[], roots: Roots, events: JobEvents): JobProcessor {
  const free = [...processes];
  const folders = new Set<string>();
  const running = new Set<Promise<unknown>>();

  async function prepare(job: QueuedCase): Promise<CaseResult | undefined> {
    // Before this line nothing of the job is used, for whatever it may be.
    const { forgiven = 0, ...order } = keepBelow(parseJob(job.data), roots);
    const { name, out } = order.options;
    const losses = job.stalledCounter - forgiven;
    if (losses > MOST_LOSSES) return lostTooOften(order, losses);
    // What a lost worker has left is in the way of nobody, but would stay.
    if (!folders.has(out) || job.stalledCounter > 0) await sweep(out);
    folders.add(out);
    const forCase: WorkerEvents = {
      onStage: (stage) => events.onStage?.(name, stage),
      onRetry: (death) => events.onRetry?.(name, death),
    };
    const process = free.pop() as CaseWorker;
    const run = process.run(order, forCase);
    running.add(run);
    try {
      return await run;
    } finally {
      running.delete(run);
      free.push(process);
    }
  }

  async function processJob(job: QueuedCase, token?: string): Promise<JobResult> {
    const began = performance.now();
    const result = await prepare(job).catch((error: unknown) => {
      if (error instanceof PleuraError && error.code === "aborted") return error;
      const milliseconds = Math.round(performance.now() - began);
      return {
        case: jobLabel(job.data, job.id),
        status: "failed",
        milliseconds,
        failure: toFailure(error, "queue"),
      } as const;
    });
    if (result instanceof PleuraError) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    if (result === undefined) {
      await job.moveToDelayed(Date.now() + HELD_MS, token);
      throw new DelayedError();
    }
    events.onCase?.(result);
    if (result.status === "failed") throw new JobFailure(result.failure);
    return { status: result.status, milliseconds: result.milliseconds };
  }

  const idle = () => Promise.allSettled(running).then(() => undefined);
  return Object.assign(processJob, { folders, idle });
}

async function lostTooOften(order: CaseJob, losses: number): Promise<CaseResult> {
  const error = new PleuraError("crashed", "every worker that had this case was lost", {
    stage: "queue",
    measured: `${counted(losses, "worker")} lost`,
    limit: `${MOST_LOSSES}`,
    hint: "If the machines ran out of memory, give the workers less --memory or fewer --workers, then retry",
  });
  const failure = toFailure(error, "queue");
  await recordDeath(order, order.options, failure);
  return { case: order.options.name, status: "failed", milliseconds: 0, failure };
}
