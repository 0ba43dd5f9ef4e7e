import { createHash } from "node:crypto";
import type { CaseFolder } from "../node/cases.ts";
import type { CaseFailure } from "../node/failure.ts";
import type { GivenOptions } from "../node/given/given.ts";
import type { CaseResult, PrepCaseOptions } from "../node/prep-case.ts";
import type { CaseOrder } from "../node/worker-protocol.ts";

/** Options of a case that travel with its job: all that are plain data, and every name given. */
export type JobOptions = Pick<
  PrepCaseOptions,
  "profile" | "series" | "fillGaps" | "stages" | "preview" | "verify" | "force" | keyof GivenOptions
>;

/**
 * What a job holds: paths and parameters, the same that the batch sends to its processes. Redis
 * keeps it as JSON; what a scan says of its patient never gets there.
 */
export interface CaseJob extends CaseOrder {
  readonly options: JobOptions & { readonly out: string; readonly name: string };
  /** How often its worker had been lost when it was last queued by hand: that is forgiven. */
  readonly forgiven?: number;
}

/** What Redis keeps of a case that was done; the manifest has the rest. */
export type JobResult = Pick<CaseResult, "status" | "milliseconds">;

/**
 * Makes a case's job.
 *
 * @param one - the case; its path absolute
 * @param out - output folder, absolute
 */
export function caseJob({ folder, name, series }: CaseFolder, out: string, options: JobOptions): CaseJob {
  const all = { ...options, ...(series !== undefined && { series }), out, name };
  // As Redis will give it back, so that jobs can be compared.
  return JSON.parse(JSON.stringify({ folder, options: all })) as CaseJob;
}

/**
 * The job's number: it stands for what the job writes, so that there is one job for each case of an
 * output folder, whatever its parameters, and no two of them ever write in turn.
 */
export function jobId({ options: { out, name } }: CaseJob): string {
  return createHash("sha256")
    .update(JSON.stringify([out, name]))
    .digest("hex");
}

/** A failure on its way into the queue: the only place of a failed job that is written together with its state. */
export class JobFailure extends Error {
  constructor(failure: CaseFailure) {
    super(JSON.stringify(failure));
  }
}

/** The failure that a failed job keeps; one that the queue itself has made becomes `crashed`. */
export function parseFailure(reason: string | undefined): CaseFailure {
  try {
    return JSON.parse(reason ?? "") as CaseFailure;
  } catch {
    return { code: "crashed", stage: "queue", message: `queue: ${reason ?? "no reason given"}` };
  }
}
