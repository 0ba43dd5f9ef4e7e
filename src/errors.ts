/**
 * Where in the way of the data something went wrong. The names are the pipeline's own stage
 * names, plus `read` for everything before there is a volume, `preview` for the pictures of the
 * report, `write` for everything after, and `queue` for what carries cases to other machines.
 */
export type Stage =
  | "read"
  | "lungs"
  | "nodules"
  | "binarize"
  | "select"
  | "fill"
  | "separate"
  | "hull"
  | "prepare"
  | "preview"
  | "write"
  | "queue"
  | "options";

/** Stable, machine-readable names of the things that can go wrong. */
export type ErrorCode =
  | "invalid-option"
  | "not-found"
  | "no-dicom"
  | "no-image"
  | "single-slice"
  | "inconsistent-series"
  | "missing-tag"
  | "truncated"
  | "unsupported-syntax"
  | "unsupported-pixels"
  | "too-large"
  | "no-lungs"
  | "empty-mask"
  | "unknown-labels"
  | "mask-misfit"
  | "bad-annotation"
  | "write-failed"
  | "aborted"
  | "timed-out"
  | "out-of-memory"
  | "crashed"
  | "queue-unavailable";

/** What an error knows beside its message; every field may be shown to a user. */
export interface ErrorDetails {
  /** Stage of the pipeline that gave up. */
  readonly stage: Stage;
  /** Path or name of the file concerned, when one file is to blame. */
  readonly file?: string;
  /** What was found, with its unit: `"largest body 0.41 L"`. */
  readonly measured?: string;
  /** What would have been right, with its unit: `"0.68 L to 7.5 L"`. */
  readonly limit?: string;
  /** What the user can do about it. */
  readonly hint?: string;
  /** The error underneath, if any. */
  readonly cause?: unknown;
}

/**
 * The one error type that pleura throws on purpose: a code to switch on, the stage, and the
 * measured value beside its limit.
 */
export class PleuraError extends Error {
  override readonly name = "PleuraError";
  readonly code: ErrorCode;
  readonly stage: Stage;
  readonly file: string | undefined;
  readonly measured: string | undefined;
  readonly limit: string | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, what: string, details: ErrorDetails) {
    super(sentence(what, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.stage = details.stage;
    this.file = details.file;
    this.measured = details.measured;
    this.limit = details.limit;
    this.hint = details.hint;
  }
}

function sentence(what: string, { stage, file, measured, limit, hint }: ErrorDetails): string {
  const found =
    measured === undefined ? "" : ` (measured: ${measured}${limit === undefined ? "" : `; limit: ${limit}`})`;
  return `${stage}: ${file === undefined ? "" : `${file}: `}${what}${found}${hint === undefined ? "" : `. ${hint}`}`;
}

/**
 * Makes the error for an option outside its range, in one form everywhere.
 *
 * @param name - the option as the caller wrote it
 * @param expected - "a positive integer", "between 0 and 5"
 * @param actual - the value received
 */
export function invalidOption(name: string, expected: string, actual: unknown): PleuraError {
  return new PleuraError("invalid-option", `Expected ${expected} for ${name} but received ${String(actual)}`, {
    stage: "options",
  });
}
