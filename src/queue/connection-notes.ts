import { isNotConnectionError, type Worker } from "bullmq";
import type { Redis } from "ioredis";
import { addressLabel, type RedisAddress } from "./address.ts";
import { reasonOf } from "./connect.ts";

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

/** Says what Redis refuses, and has the worker wait before it asks again: it would at once, and for ever. */
export function noteRefusals(worker: Worker, address: RedisAddress, onNote: (text: string) => void): void {
  const given = new Set<string>();
  worker.on("error", (error) => {
    if (!isNotConnectionError(error) || "syscall" in error) return;
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
