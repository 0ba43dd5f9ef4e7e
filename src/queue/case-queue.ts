import type { Job, Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { RedisAddress } from "./address.ts";
import type { CaseJob, JobResult } from "./case-job.ts";
import { connect, unavailable } from "./connect.ts";
import { TolerantQueue } from "./tolerant-job.ts";

/** Name of the queue in Redis; several of them take several databases. */
export const QUEUE_NAME = "pleura";

/** Jobs of finished cases are forgotten after so long, seconds: what is done is told by the manifests. */
const KEEP_DONE_S = 7 * 24 * 3600;

/** The queue, as everything but a worker sees it. */
export type CaseQueue = Queue<CaseJob, JobResult>;

/** A job with the case it holds. */
export type QueuedCase = Job<CaseJob, JobResult>;

/** Jobs that are asked for at a time. */
export const PAGE = 500;

/** Makes the queue on a connection, which stays the caller's. */
export function makeQueue(connection: Redis): CaseQueue {
  return new TolerantQueue<CaseJob, JobResult>(QUEUE_NAME, {
    connection,
    defaultJobOptions: {
      // Bad data stay bad, and a process that dies has had its successor already.
      attempts: 1,
      removeOnComplete: { age: KEEP_DONE_S },
      removeOnFail: false,
      // A failure says where it happened by itself.
      stackTraceLimit: 0,
    },
  });
}

/**
 * Does something with the queue and closes it.
 *
 * @throws PleuraError `queue-unavailable` when Redis is not there, or is lost meanwhile
 */
export async function withQueue<T>(address: RedisAddress, use: (queue: CaseQueue) => Promise<T>): Promise<T> {
  const redis = await connect(address);
  let lost: unknown;
  redis.on("error", (error) => {
    lost = error;
  });
  const queue = makeQueue(redis);
  queue.on("error", () => undefined);
  try {
    return await use(queue);
  } catch (error) {
    const isOurs = redis.status === "ready" && (error as Error).name !== "ReplyError";
    throw isOurs ? error : unavailable(address, lost ?? error);
  } finally {
    // Closing the queue would leave the connection, which is all it has.
    redis.disconnect();
  }
}
