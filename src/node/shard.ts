import { createHash } from "node:crypto";
import { invalidOption } from "../errors.ts";

/** One of several parts of all cases. */
export interface Shard {
  /** Which part, from 1 to `count`. */
  readonly index: number;
  /** Number of parts. */
  readonly count: number;
}

/**
 * Whether a case belongs to a shard. The name alone decides: every case belongs to exactly one
 * shard, and to the same one on every machine and whatever other cases there are. Parts are of
 * about the same size, not exactly.
 *
 * @throws PleuraError `invalid-option` when there is no such shard
 */
export function inShard(name: string, { index, count }: Shard): boolean {
  if (!Number.isInteger(count) || count < 1) throw invalidOption("shard", "a positive number of shards", count);
  if (!Number.isInteger(index) || index < 1 || index > count) {
    throw invalidOption("shard", `a number from 1 to ${count}`, index);
  }
  return createHash("sha256").update(name).digest().readUInt32BE(0) % count === index - 1;
}
