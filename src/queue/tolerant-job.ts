import { Job, type JobProgress, Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";

type FromJson = Parameters<typeof Job.fromJSON>;

/**
 * A job whose data may be anything. BullMQ's own throws where they are no JSON, and then the others of
 * a list are lost with it.
 */
export class TolerantJob<
  Data = unknown,
  Result = unknown,
  Name extends string = string,
  Progress extends JobProgress = JobProgress,
> extends Job<Data, Result, Name, Progress> {
  static override fromJSON<Data = unknown, Result = unknown, Name extends string = string>(
    queue: FromJson[0],
    json: FromJson[1],
    id?: FromJson[2],
  ): Job<Data, Result, Name> {
    return Job.fromJSON<Data, Result, Name>(queue, isJson(json.data) ? json : { ...json, data: "null" }, id);
  }
}

/** BullMQ's queue with such jobs. */
export class TolerantQueue<Data, Result> extends Queue<Data, Result> {
  protected override get Job() {
    return TolerantJob;
  }
}

/** BullMQ's worker with such jobs. */
export class TolerantWorker<Data, Result> extends Worker<Data, Result> {
  protected override get Job() {
    return TolerantJob;
  }
}

/**
 * Whether an error says that a job's record in Redis is broken as a whole, beyond its data: its
 * options are no JSON, say, or it is no record at all.
 */
export function isBrokenRecord(error: unknown): boolean {
  return error instanceof SyntaxError || error instanceof TypeError || /WRONGTYPE/.test(String(error));
}

/**
 * Moves the jobs that a worker was given and whose records are broken to the failed ones. BullMQ
 * cannot: it would hand them out again and again.
 *
 * @param queue - of the worker
 * @param reason - what is kept as the reason of the failure
 * @returns how many there were
 */
export async function failBrokenRecords(queue: Queue, redis: Redis, reason: string): Promise<number> {
  let count = 0;
  for (const id of await queue.getRanges(["active"], 0, -1)) {
    const isBroken = await queue.getJob(id).then(() => false, isBrokenRecord);
    if (!isBroken) continue;
    const key = queue.toKey(id);
    const now = Date.now();
    await redis
      .multi()
      .lrem(queue.toKey("active"), 0, id)
      .del(key, `${key}:lock`)
      .hset(key, { name: "", data: "null", opts: "{}", timestamp: now, finishedOn: now, failedReason: reason })
      .zadd(queue.toKey("failed"), now, id)
      .exec();
    count++;
  }
  return count;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
