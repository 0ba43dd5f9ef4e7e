import { setTimeout as pause } from "node:timers/promises";
import type { Worker } from "bullmq";
import type { Redis } from "ioredis";
import { limitsOf, workersThatFit } from "../node/capacity.ts";
import { type CaseWorker, makeCaseWorker } from "../node/case-worker.ts";
import { ownerLabel, SELF } from "../node/owner.ts";
import { sweep } from "../node/sweep.ts";
import type { Limits } from "../node/watch-process.ts";
import { addressLabel, type RedisAddress } from "./address.ts";
import type { CaseJob, JobResult } from "./case-job.ts";
import { type CaseQueue, makeQueue, QUEUE_NAME } from "./case-queue.ts";
import { connect, unavailable } from "./connect.ts";
import { noteConnection, noteRefusals } from "./connection-notes.ts";
import type { QueueMetrics } from "./metrics.ts";
import type { ListenAddress, MetricsServer } from "./metrics-server.ts";
import { type JobEvents, type JobProcessor, makeJobProcessor } from "./process-job.ts";
import { queueCounts } from "./queue-status.ts";
import { openRoots, type Roots } from "./roots.ts";
import { TolerantWorker } from "./tolerant-job.ts";

/** Options of {@link workOnQueue}. */
export interface WorkOptions extends JobEvents, Partial<Limits> {
  /** Where jobs may write and read. */
  readonly roots: Roots;
  /** Number of cases at a time; default: the number of cores, or fewer where memory is short. */
  readonly workers?: number;
  /** Seconds without a sign of life after which a worker's cases are given to others. Default 30. */
  readonly lock?: number;
  /** Seconds that the running cases have when the work is to stop. Default 600, as long as a case may take. */
  readonly grace?: number;
  /** Where metrics are served; default: nowhere. */
  readonly metrics?: ListenAddress;
  /** Takes no more cases and finishes those that run, within the grace. */
  readonly stop: AbortSignal;
  /** Gives those that run back to the queue at once. */
  readonly signal: AbortSignal;
  /** Told what becomes of the connection, and where metrics are. */
  readonly onNote: (text: string) => void;
}

const DEFAULT_LOCK_S = 30;
const DEFAULT_GRACE_S = 600;
/** What Redis has, when no case runs any more, to hear of the last ones before the connection is cut, milliseconds. */
const LAST_WORDS_MS = 3_000;

/**
 * Takes cases from the queue until it is told to stop. Redis may go and come back meanwhile.
 *
 * @throws PleuraError `queue-unavailable` when Redis is not there at the beginning; `not-found` when a root
 * is not there; `invalid-option`
 */
export async function workOnQueue(address: RedisAddress, options: WorkOptions): Promise<void> {
  const { onNote, onRetry, onCase } = options;
  const limits = limitsOf(options);
  const roots = openRoots(options.roots);
  const redis = await connect(address, true);
  const processes = makeProcesses(options.workers ?? workersThatFit(limits.memory), limits);
  const queue = makeQueue(redis);
  queue.on("error", () => undefined);
  let served: ServedMetrics | undefined;
  try {
    // What the user of Redis may not do is better known now than at the first job.
    await queueCounts(queue).catch((error: unknown) => Promise.reject(unavailable(address, error)));
    served = options.metrics && (await startMetrics(options.metrics, queue, redis, processes));
    if (served !== undefined) onNote(`metrics at ${served.server.url}`);
    const processJob = makeJobProcessor(processes, roots, {
      ...options,
      onRetry: (name, death) => {
        served?.metrics.retried();
        onRetry?.(name, death);
      },
      onCase: (result) => {
        served?.metrics.observe(result);
        onCase?.(result);
      },
    });
    const worker = makeWorker(redis, processJob, processes.length, options.lock ?? DEFAULT_LOCK_S);
    noteConnection(redis, worker, address, onNote);
    noteRefusals(worker, queue, redis, address, onNote);
    onNote(`waiting for cases at ${addressLabel(address)}, ${processes.length} at a time`);
    await untilStopped(worker, processJob, processes, options);
    for (const out of processJob.folders) await sweep(out).catch(() => undefined);
  } finally {
    served?.server.close();
    await endAll(processes);
    redis.disconnect();
  }
}

function makeProcesses(count: number, limits: Limits): CaseWorker[] {
  return Array.from({ length: count }, () => makeCaseWorker(limits));
}

/** docs/QUEUE.md says why each setting has its value. */
function makeWorker(connection: Redis, processJob: JobProcessor, concurrency: number, lock: number) {
  return new TolerantWorker<CaseJob, JobResult>(QUEUE_NAME, processJob, {
    connection,
    concurrency,
    name: ownerLabel(SELF),
    lockDuration: lock * 1000,
    stalledInterval: lock * 500,
    // The processor counts losses itself, and gives the failure a type.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    runRetryDelay: 1_000,
  });
}

interface ServedMetrics {
  readonly metrics: QueueMetrics;
  readonly server: MetricsServer;
}

async function startMetrics(
  where: ListenAddress,
  queue: CaseQueue,
  redis: Redis,
  processes: readonly CaseWorker[],
): Promise<ServedMetrics> {
  // Loaded when they are asked for, like all that not every run needs.
  const [{ makeMetrics }, { serveMetrics }] = await Promise.all([
    import("./metrics.ts"),
    import("./metrics-server.ts"),
  ]);
  const metrics = makeMetrics(queue, () => redis.status === "ready", processes);
  return { metrics, server: await serveMetrics(metrics, where) };
}

/** Resolves when the worker has ended in good order, or as good as was possible in time. */
async function untilStopped(
  worker: Worker,
  processJob: JobProcessor,
  processes: readonly CaseWorker[],
  { stop, signal, grace = DEFAULT_GRACE_S }: WorkOptions,
): Promise<void> {
  await aborted(stop);
  const closed = worker.close();
  await Promise.race([processJob.idle(), aborted(signal), aborted(AbortSignal.timeout(grace * 1000))]);
  // What still runs goes back to the queue, if Redis is there to take it; else its lock runs out.
  await endAll(processes);
  await Promise.race([closed, pause(LAST_WORDS_MS)]);
}

async function endAll(processes: readonly CaseWorker[]): Promise<void> {
  await Promise.all(processes.map((one) => one.end()));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
