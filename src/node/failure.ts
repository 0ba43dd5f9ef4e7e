import { clearUids, type FileNamer, nameNoFile } from "../case/file-labels.ts";
import { type ErrorCode, type ErrorDetails, errorSentence, PleuraError, type Stage } from "../errors.ts";
import { fromSystem } from "./system-error.ts";

/**
 * Why a case failed, as plain data: what is recorded, reported and sent. It names no file of the input but by
 * its label, unless names are kept, and repeats no text of the input.
 */
export interface CaseFailure {
  readonly code: ErrorCode;
  /** Stage of the pipeline that gave up. */
  readonly stage: Stage;
  /** The whole sentence, with stage, measured value and limit. */
  readonly message: string;
  /** File or folder concerned, if one is to blame: `file 12 of 133 (#a1b2c3)` for one of the input. */
  readonly file?: string;
  /** What was found, with its unit. */
  readonly measured?: string;
  /** What would have been right, with its unit. */
  readonly limit?: string;
  /** Folders concerned, some of them when there are many; only where names are kept. */
  readonly folders?: readonly string[];
  /** What the user can do about it. */
  readonly hint?: string;
}

/** An error as plain data, for the processes of a run. As it may name files and folders, it is not written or sent. */
export interface PlainError extends Omit<ErrorDetails, "cause"> {
  readonly code: ErrorCode;
  /** What happened, without the rest of the message. */
  readonly what: string;
}

/** The error as plain data, without what was underneath. */
export function plainError({
  code,
  what,
  stage,
  file,
  quote,
  measured,
  limit,
  folders,
  hint,
}: PleuraError): PlainError {
  return {
    code,
    what,
    stage,
    ...(file !== undefined && { file }),
    ...(quote !== undefined && { quote }),
    ...(measured !== undefined && { measured }),
    ...(limit !== undefined && { limit }),
    ...(folders !== undefined && { folders }),
    ...(hint !== undefined && { hint }),
  };
}

/** The error that {@link plainError} was made of. */
export function errorOf({ code, what, ...details }: PlainError): PleuraError {
  return new PleuraError(code, what, details);
}

/**
 * Reads a failure that was kept as JSON.
 *
 * @returns `undefined` when it is anything else
 */
export function readFailure(value: unknown): CaseFailure | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { code, stage, message, file, measured, limit, folders, hint } = value as Record<string, unknown>;
  if (folders !== undefined && !(Array.isArray(folders) && folders.every((one) => typeof one === "string")))
    return undefined;
  const texts = Object.entries({ file, measured, limit, hint }).filter(([, text]) => text !== undefined);
  const all = [code, stage, message, ...texts.map(([, text]) => text)];
  if (!all.every((text) => typeof text === "string")) return undefined;
  // Codes and stages of other versions are passed on as they are.
  return {
    code: code as ErrorCode,
    stage: stage as Stage,
    message: message as string,
    ...Object.fromEntries(texts),
    ...(folders !== undefined && { folders }),
  };
}

/**
 * Turns anything thrown into a failure that may be written and sent.
 *
 * @param caught - the system's own errors become `read-failed` or `write-failed`, and anything else that is no
 * PleuraError becomes `crashed`
 * @param stage - stage that was running, for errors that do not know it themselves
 * @param namer - names the file concerned; default: it is not named
 */
export function toFailure(caught: unknown, stage: Stage, namer: FileNamer = nameNoFile): CaseFailure {
  const error = toError(caught, stage);
  const { code, what, file, measured, limit, folders = [], hint } = error;
  const text = namer.text ?? clearUids;
  const named = file === undefined ? undefined : namer.file(file);
  const places = folders.flatMap((folder) => namer.folder?.(folder) ?? []);
  const details = {
    ...(named !== undefined && { file: named }),
    ...(measured !== undefined && { measured: text(measured) }),
    ...(limit !== undefined && { limit: text(limit) }),
    ...(places.length > 0 && { folders: places }),
    ...(hint !== undefined && { hint: text(hint) }),
  };
  return {
    code,
    stage: error.stage,
    message: errorSentence(text(what), { stage: error.stage, ...details }),
    ...details,
  };
}

/** Turns anything thrown into an error of pleura's own; what nobody foresaw becomes `crashed`. */
export function toError(caught: unknown, stage: Stage): PleuraError {
  const error = caught instanceof PleuraError ? caught : fromSystem(caught, stage);
  if (error !== undefined) return error;
  const { name, message } = caught instanceof Error ? caught : { name: typeof caught, message: String(caught) };
  return new PleuraError("crashed", "an error that nobody foresaw", {
    stage,
    // Its own words may repeat what was read.
    quote: message,
    measured: `${name}${placeOf(caught)}`,
    hint: "Please report this",
    cause: caught,
  });
}

/** Where in pleura's own code an error was thrown: ` at readHeader (reading-1a2b.js:12:34)`. */
function placeOf(caught: unknown): string {
  const line = caught instanceof Error ? /^\s+at .*$/m.exec(caught.stack ?? "")?.[0] : undefined;
  const [, called = "", place] = /^\s+at (?:(?:async )?([\w.<>]+) )?.*?([\w.-]+:\d+:\d+)\)?$/.exec(line ?? "") ?? [];
  return place === undefined ? "" : ` at ${called === "" ? "" : `${called} `}(${place})`;
}
