import { Redis } from "ioredis";
import { PleuraError } from "../errors.ts";
import { addressLabel, type RedisAddress } from "./address.ts";

/** What is not there after so long is taken for unreachable, milliseconds. */
const CONNECT_MS = 10_000;
/** Longest pause between two attempts to come back, milliseconds. */
const LONGEST_PAUSE_MS = 5_000;

/**
 * Opens a connection that has been proven to work.
 *
 * @param lasting - once it was there, come back whenever it is lost; default: commands fail then
 * @throws PleuraError `queue-unavailable`
 */
export async function connect(address: RedisAddress, lasting = false): Promise<Redis> {
  const redis = new Redis({
    ...address,
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    // Asked for by BullMQ: a worker waits for its commands instead of losing count of them.
    maxRetriesPerRequest: null,
    retryStrategy: () => null,
  });
  let reason: unknown;
  redis.on("error", (error) => {
    reason = error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    // The error of the command only says that there is no connection; the event says why.
    throw unavailable(address, reason ?? error);
  }
  if (lasting) redis.options.retryStrategy = (times) => Math.min(2 ** times * 50, LONGEST_PAUSE_MS);
  return redis;
}

/** What helps against the reasons that Redis, TLS and the system give. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /WRONGPASS|NOAUTH|invalid password|AUTH/,
    "Give user and password in the address, percent-encoded: redis://user:password@host. PLEURA_REDIS keeps them out of the list of processes",
  ],
  [/NOPERM/, "The user may not run all commands that the queue needs"],
  [/^OOM|^MISCONF/, "Redis has no room left: give it more memory, or disk"],
  [/^READONLY/, "This is a replica: name its primary"],
  [/certificate/i, "Name a file with the authority's certificate in NODE_EXTRA_CA_CERTS"],
  [/wrong version number|packet length/i, "It does not speak TLS there: use redis://"],
  [/closed|ECONNRESET/, "If it speaks TLS there, use rediss://"],
  [
    /ETIMEDOUT/,
    "Start Redis there, name another one by --redis, or try redis:// for rediss:// and the other way round",
  ],
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH/, "Start Redis there, or name another one by --redis"],
];

/** The error for a Redis that cannot be used, with its own reason and without any password. */
export function unavailable(address: RedisAddress, cause: unknown): PleuraError {
  const measured = reasonOf(address, cause);
  const hint = HINTS.find(([pattern]) => pattern.test(measured))?.[1];
  return new PleuraError("queue-unavailable", `${addressLabel(address)} cannot be used`, {
    stage: "queue",
    measured,
    ...(hint !== undefined && { hint }),
  });
}

/** What an error of the connection says, without the password should it be in there. */
export function reasonOf({ password }: RedisAddress, error: unknown): string {
  const { message, code } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) };
  // Where a name has several addresses the message is empty.
  const text = message || code || "no reason given";
  return password === undefined ? text : text.replaceAll(password, "***");
}
