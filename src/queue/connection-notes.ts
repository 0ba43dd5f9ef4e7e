import { isNotConnectionError, type Worker } from "bullmq";
import type { Redis } from "ioredis";
import { toFailure } from "../node/failure.ts";
import { addressLabel, type RedisAddress } from "./address.ts";
import type { CaseQueue } from "./case-queue.ts";
import { reasonOf } from "./connect.ts";
import { brokenRecord } from "./job-schema.ts";
import { failBrokenRecords, isBrokenRecord } from "./tolerant-job.ts";

/** Pause after Redis has refused a command, as one that is full does, milliseconds. */
const REFUSED_MS = 5_000;

/** Says once when the connection is lost, and once when it is back. */
export function noteConnection(
  redis: Redis,
  worker: Worker,
  address: RedisAddress,
  onNote: (text: string) => void,
): void {
  let isAway = false;
  redis.on("close", () => {
    if (!isAway && worker.closing === undefined) onNote(`lost ${addressLabel(address)}: trying until it is back`);
    isAway = true;
  });
  redis.on("ready", () => {
    if (isAway) onNote(`${addressLabel(address)} is back`);
    isAway = false;
  });
}

/**
 * Says what Redis refuses, and has the worker wait before it asks again: it would at once, and for ever.
 *
 * @param queue - of the worker: jobs whose records are broken are failed there
 */
export function noteRefusals(
  worker: Worker,
  queue: CaseQueue,
  redis: Redis,
  address: RedisAddress,
  onNote: (text: string) => void,
): void {
  const given = new Set<string>();
  const failBroken = onlyOnce(async () => {
    const count = await failBrokenRecords(queue, redis, JSON.stringify(toFailure(brokenRecord(), "queue")));
    if (count > 0) onNote(`queue: ${count} broken ${count === 1 ? "record" : "records"} in place of jobs: failed`);
  });
  worker.on("error", (error) => {
    if (!isNotConnectionError(error) || "syscall" in error) return;
    // The error may hold pieces of the record.
    if (isBrokenRecord(error)) return failBroken();
    const job = /lock for job (\w+)/.exec(error.message)?.[1];
    if (job !== undefined) {
      if (!given.has(job)) onNote("a case was given to another worker: Redis did not hear of this one for too long");
      given.add(job);
    } else if (!worker.isPaused()) {
      onNote(`queue: ${reasonOf(address, error)}; asking again in ${REFUSED_MS / 1000} s`);
      void worker.pause(true);
      setTimeout(() => worker.closing ?? worker.resume(), REFUSED_MS).unref();
    }
  });
}

/** The same without a second beginning before the end of the first; its errors are the connection's, which are noted anyway. */
function onlyOnce(act: () => Promise<void>): () => void {
  let running = false;
  return () => {
    if (running) return;
    running = true;
    act()
      .catch(() => undefined)
      .finally(() => {
        running = false;
      });
  };
}
