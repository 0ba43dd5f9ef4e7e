import type { Stage } from "../errors.ts";
import type { CaseInput, CaseKnowledge } from "./cases/case-input.ts";
import type { CaseResult, PrepCaseOptions } from "./prep-options.ts";

/**
 * What the batch and its worker processes say to each other, over the channel that `fork` opens.
 * One case at a time, by paths; voxels never cross the border. The worker takes the case's lock
 * itself, so that the lock lives exactly as long as the process that writes.
 *
 * ```
 * parent ── CaseOrder ─────▶ worker
 * parent ◀── { stage } … ── worker
 * parent ◀── { result } ─── worker      null: another process holds the case
 *          or ◀── { error }             the worker itself is at fault, not the case
 * ```
 *
 * A worker ends when the channel closes, that is, when its parent is gone.
 */
export interface CaseOrder extends CaseInput, CaseKnowledge {
  readonly options: PrepCaseOptions;
}

/** What a worker answers. */
export type WorkerMessage =
  | { readonly stage: Stage }
  | { readonly result: CaseResult | null }
  | { readonly error: string };
