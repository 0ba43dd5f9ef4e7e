import { type ErrorCode, PleuraError, type Stage } from "../errors.ts";

/** Why a case failed, as plain data: what a worker process sends and what a report holds. */
export interface CaseFailure {
  readonly code: ErrorCode;
  /** Stage of the pipeline that gave up. */
  readonly stage: Stage;
  /** The whole sentence, with stage, measured value and limit. */
  readonly message: string;
  /** File or folder concerned, if one is to blame. */
  readonly file?: string;
  /** What was found, with its unit. */
  readonly measured?: string;
  /** What would have been right, with its unit. */
  readonly limit?: string;
  /** Folders concerned, some of them when there are many. */
  readonly folders?: readonly string[];
  /** What the user can do about it. */
  readonly hint?: string;
}

/** The error that a failure was made of, without what was underneath. */
export function failureError({ code, stage, message, ...details }: CaseFailure): PleuraError {
  const error = new PleuraError(code, message, { stage, ...details });
  // The sentence is put together already.
  error.message = message;
  return error;
}

/**
 * Turns anything thrown into a failure.
 *
 * @param error - what was caught; anything but a PleuraError becomes `crashed`
 * @param stage - stage that was running, for errors that do not know it themselves
 */
export function toFailure(error: unknown, stage: Stage): CaseFailure {
  if (!(error instanceof PleuraError)) {
    const reason = error instanceof Error ? error.message : String(error);
    return { code: "crashed", stage, message: `${stage}: ${reason}` };
  }
  const { code, message, file, measured, limit, folders, hint } = error;
  return {
    code,
    stage: error.stage,
    message,
    ...(file !== undefined && { file }),
    ...(measured !== undefined && { measured }),
    ...(limit !== undefined && { limit }),
    ...(folders !== undefined && { folders }),
    ...(hint !== undefined && { hint }),
  };
}
