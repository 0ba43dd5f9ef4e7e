import { createHash } from "node:crypto";
import { type CaseFolder, inputOf, knowledgeOf } from "../node/cases/case-input.ts";
import { type CaseFailure, type PlainError, readFailure } from "../node/failure.ts";
import type { GivenOptions } from "../node/given/given.ts";
import type { CaseResult, PrepCaseOptions } from "../node/prep-options.ts";
import type { CaseOrder } from "../node/worker-protocol.ts";

/** Options of a case that travel with its job: all that are plain data, and every name given. */
export type JobOptions = Pick<
  PrepCaseOptions,
  | "profile"
  | "params"
  | "series"
  | "fillGaps"
  | "allowDamaged"
  | "stages"
  | "preview"
  | "seg"
  | "rtstruct"
  | "density"
  | "mesh"
  | "minQuality"
  | "verify"
  | "force"
  | "keepFileNames"
  | keyof GivenOptions
>;

/**
 * What a job holds: paths and parameters, the same that the batch sends to its processes. Redis
 * keeps it as JSON; what a scan says of its patient never gets there. `parseJob` checks it: what is
 * added here has to be added there.
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
export function caseJob(one: CaseFolder, out: string, options: JobOptions): CaseJob {
  const all = { ...options, out, name: one.name };
  const { refused, ...known } = knowledgeOf(one);
  // As Redis will give it back, so that jobs can be compared.
  return JSON.parse(
    JSON.stringify({ ...inputOf(one), ...known, ...(refused && { refused: sentOf(refused) }), options: all }),
  ) as CaseJob;
}

/** Why a case is refused, as it may be sent: files and folders may be called after their patient. */
function sentOf({ file: _, folders: __, quote: ___, ...sent }: PlainError): PlainError {
  return sent;
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

/** The failure that a failed job keeps; anything else that is kept as its reason becomes `crashed`. */
export function parseFailure(reason: string | undefined): CaseFailure {
  const failure = readFailure(parseJson(reason ?? ""));
  return failure ?? { code: "crashed", stage: "queue", message: `queue: ${reason ?? "no reason given"}` };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
