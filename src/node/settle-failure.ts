import { type CaseLock, lockCase } from "./case-lock.ts";
import type { CaseInput, CaseKnowledge } from "./cases/case-input.ts";
import type { CaseFailure } from "./failure.ts";
import { writeFailureRecord } from "./failure-record.ts";
import { removeOutputs } from "./outputs.ts";
import type { PrepCaseOptions } from "./prep-options.ts";
import { digestIfAny, madeBy, whereabouts } from "./settled.ts";

/** Removes the files of a failed case and records why it failed; for the owner of its lock. */
export async function settleFailure(
  input: string | (CaseInput & CaseKnowledge),
  options: PrepCaseOptions,
  failure: CaseFailure,
): Promise<void> {
  const { name, out } = whereabouts(input, options);
  // What is refused is not read, and may be a whole archive: listing its files for a digest would take long.
  const isRead = typeof input === "string" || input.refused === undefined;
  const wanted = { ...madeBy(input, options), ...(isRead ? await digestIfAny(input, out, options.series) : {}) };
  // Where not even that works, the failure is what the user needs to hear of.
  await removeOutputs(out, name).catch(() => undefined);
  await writeFailureRecord(out, { case: name, wanted, failure, at: Date.now() }).catch(() => undefined);
}

/**
 * Does the same for a case whose own process could not tell any more, unless another process has
 * taken the case over or its lock cannot be had.
 */
export async function recordDeath(
  input: string | CaseInput,
  options: PrepCaseOptions,
  failure: CaseFailure,
): Promise<void> {
  let lock: CaseLock | undefined;
  try {
    const { name, out } = whereabouts(input, options);
    lock = lockCase(out, name);
    if (lock !== undefined) await settleFailure(input, options, failure);
  } catch {
    // The failure itself is what the user needs to hear of.
  } finally {
    lock?.release();
  }
}
