import { availableParallelism, freemem } from "node:os";
import { invalidOption } from "../errors.ts";
import type { Limits } from "./watch-process.ts";

/** What a case may take unless told otherwise: a scan of 600 slices of 512 × 512 takes a third of it. */
const DEFAULT_LIMITS: Limits = { timeout: 600, memory: 2e9 };

/**
 * The limits that are given, and the usual ones for the others.
 *
 * @throws PleuraError `invalid-option`
 */
export function limitsOf({
  timeout = DEFAULT_LIMITS.timeout,
  memory = DEFAULT_LIMITS.memory,
}: Partial<Limits>): Limits {
  if (!(timeout > 0)) throw invalidOption("timeout", "a positive number of seconds", timeout);
  if (!(memory > 0)) throw invalidOption("memory", "a positive number of bytes", memory);
  return { timeout, memory };
}

/**
 * How many processes may work at a time: one per core, limited by the free memory
 * (to this process, where it is constrained), at least one.
 *
 * @param memory - bytes that a case may take
 */
export function workersThatFit(memory: number): number {
  // 0, or more than there is, where nothing constrains the process.
  const constrained = process.constrainedMemory?.() || Number.POSITIVE_INFINITY;
  const free = Math.min(freemem(), constrained);
  return Math.max(1, Math.min(availableParallelism(), Math.floor(free / memory)));
}
