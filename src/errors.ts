/**
 * Where something went wrong: a stage of a profile, by its name (`binarize`, `select`, `fill`, `separate`, `hull`,
 * `prepare`); or `read` for everything before there is a volume, `lungs` and `nodules` for what is given beside
 * the scan, `quality` for the verdict on the lungs,
 * `preview` for the pictures of the report, `write` for everything after, and `queue` for what carries
 * cases to other machines.
 */
export type Stage =
  | "read"
  | "lungs"
  | "nodules"
  | "quality"
  | "preview"
  | "write"
  | "queue"
  | "options"
  | (string & Readonly<Record<never, never>>);

/** Stable, machine-readable names of the things that can go wrong. */
export type ErrorCode =
  | "invalid-option"
  | "not-found"
  | "no-dicom"
  | "no-image"
  | "several-patients"
  | "several-studies"
  | "split-series"
  | "no-case"
  | "unreadable-name"
  | "single-slice"
  | "inconsistent-series"
  | "damaged-files"
  | "missing-images"
  | "missing-tag"
  | "truncated"
  | "checksum-mismatch"
  | "read-failed"
  | "archive-unavailable"
  | "access-denied"
  | "bad-response"
  | "series-changed"
  | "store-refused"
  | "unsupported-syntax"
  | "unsupported-pixels"
  | "too-large"
  | "quality"
  | "no-lungs"
  | "empty-mask"
  | "unknown-labels"
  | "mask-misfit"
  | "bad-model"
  | "bad-annotation"
  | "write-failed"
  | "lock-unusable"
  | "aborted"
  | "timed-out"
  | "out-of-memory"
  | "crashed"
  | "not-installed"
  | "queue-unavailable"
  | "invalid-job"
  | "outside-root";

/**
 * What an error knows beside its message. `file`, `folders` and `quote` are for the person at the terminal only:
 * they may name a patient, and whoever writes an error down, or sends it, leaves them out (docs/PRIVACY.md).
 * The other fields hold nothing that was read from an input but numbers and known words.
 */
export interface ErrorDetails {
  /** Stage of the pipeline that gave up. */
  readonly stage: Stage;
  /** Path or name of the file concerned, when one file is to blame. */
  readonly file?: string;
  /** Text of the input that the error is about, as it stands there: a value of a header, a UID, another file's name. */
  readonly quote?: string;
  /** What was found, with its unit: `"largest body 0.41 L"`. */
  readonly measured?: string;
  /** What would have been right, with its unit: `"0.68 L to 7.5 L"`. */
  readonly limit?: string;
  /** Folders concerned, some of them when there are many. */
  readonly folders?: readonly string[];
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
  /** What happened, without the rest of the message. */
  readonly what: string;
  readonly file: string | undefined;
  readonly quote: string | undefined;
  readonly measured: string | undefined;
  readonly limit: string | undefined;
  readonly folders: readonly string[] | undefined;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, what: string, details: ErrorDetails) {
    super(errorSentence(what, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.stage = details.stage;
    this.what = what;
    this.file = details.file;
    this.quote = details.quote;
    this.measured = details.measured;
    this.limit = details.limit;
    this.folders = details.folders;
    this.hint = details.hint;
  }
}

/** More of a text of the input than this is not repeated, characters. */
const LONGEST_QUOTE = 80;

/**
 * The sentence for an error: what happened, the file, the stage, the measured value, the limit, what to do.
 * It is put together where it is shown, of what may be shown there.
 */
export function errorSentence(what: string, details: Omit<ErrorDetails, "cause">): string {
  const { stage, file, quote, measured, limit, folders = [], hint } = details;
  const figures = [];
  if (measured !== undefined) figures.push(`measured: ${measured}`);
  if (quote !== undefined) figures.push(`found: ${quoted(quote)}`);
  if (figures.length > 0 && limit !== undefined) figures.push(`limit: ${limit}`);
  const found = figures.length === 0 ? "" : ` (${figures.join("; ")})`;
  const where = folders.length === 0 ? "" : `, in ${folders.join(", ")}`;
  return `${stage}: ${file === undefined ? "" : `${file}: `}${what}${found}${where}${hint === undefined ? "" : `. ${hint}`}`;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
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
