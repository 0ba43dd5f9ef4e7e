import { type ErrorCode, PleuraError, type Stage } from "../errors.ts";
import { fromSystem } from "./system-error.ts";

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
  /** What the user can do about it. */
  readonly hint?: string;
}

/**
 * Reads a failure that was kept as JSON.
 *
 * @returns `undefined` when it is anything else
 */
export function readFailure(value: unknown): CaseFailure | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { code, stage, message, file, measured, limit, hint } = value as Record<string, unknown>;
  const texts = Object.entries({ file, measured, limit, hint }).filter(([, text]) => text !== undefined);
  if (![code, stage, message, ...texts.map(([, text]) => text)].every((text) => typeof text === "string"))
    return undefined;
  // Codes and stages of other versions are passed on as they are.
  return { code: code as ErrorCode, stage: stage as Stage, message: message as string, ...Object.fromEntries(texts) };
}

/**
 * Turns anything thrown into a failure.
 *
 * @param caught - the system's own errors become `read-failed` or `write-failed`, and anything else that is no
 * PleuraError becomes `crashed`
 * @param stage - stage that was running, for errors that do not know it themselves
 */
export function toFailure(caught: unknown, stage: Stage): CaseFailure {
  const error = caught instanceof PleuraError ? caught : fromSystem(caught, stage);
  if (error === undefined) {
    const reason = caught instanceof Error ? caught.message : String(caught);
    return { code: "crashed", stage, message: `${stage}: ${reason}` };
  }
  const { code, message, file, measured, limit, hint } = error;
  return {
    code,
    stage: error.stage,
    message,
    ...(file !== undefined && { file }),
    ...(measured !== undefined && { measured }),
    ...(limit !== undefined && { limit }),
    ...(hint !== undefined && { hint }),
  };
}
