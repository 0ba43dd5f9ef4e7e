import { setTimeout as pause } from "node:timers/promises";
import { shownInput } from "../../dicomweb/address.ts";
import { PleuraError } from "../../errors.ts";
import { authorizationFor } from "./credentials.ts";

/** Attempts in all, and milliseconds before the second one; before each further one it is twice as long. */
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 250;
/** An archive that sends nothing for so long is taken for gone. */
const SILENCE_MS = 60_000;

/** What is sent to an archive. */
export interface ArchiveRequest {
  readonly accept: string;
  /** Sent by POST, when there is any. */
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly contentType?: string;
  /** Statuses beside 200 to 299 whose answers are taken. */
  readonly accepts?: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks an archive and hands its answer on, again after a pause when the archive cannot be reached, breaks off, or says that it is
 * busy. Nothing of what an archive says is repeated in errors: it may name a patient.
 *
 * @param take - reads the answer's body; it may be called again after an attempt that failed
 * @throws PleuraError `access-denied`, `not-found`, `archive-unavailable`, `bad-response`, `aborted`; what `take` throws
 */
export async function ask<Taken>(
  address: string,
  request: ArchiveRequest,
  take: (answer: Response) => Promise<Taken>,
): Promise<Taken> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(address, request, take);
    } catch (error) {
      if (request.signal?.aborted)
        throw new PleuraError("aborted", "the run was ended", { stage: "read", cause: error });
      if (!isPassing(error) || attempt === ATTEMPTS) throw error;
    }
    await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, {
      ...(request.signal && { signal: request.signal }),
    }).catch((cause) => {
      throw new PleuraError("aborted", "the run was ended", { stage: "read", cause });
    });
  }
}

/** Whether another attempt may help. */
function isPassing(error: unknown): boolean {
  return error instanceof PleuraError && (error.code === "archive-unavailable" || error.code === "truncated");
}

async function once<Taken>(
  address: string,
  { accept, body, contentType, accepts = [], signal }: ArchiveRequest,
  take: (answer: Response) => Promise<Taken>,
): Promise<Taken> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), SILENCE_MS);
  const authorization = authorizationFor(new URL(address));
  let answer: Response;
  try {
    answer = await fetch(address, {
      headers: {
        accept,
        ...(authorization !== undefined && { authorization }),
        ...(contentType !== undefined && { "content-type": contentType }),
      },
      ...(body && { method: "POST", body }),
      signal: AbortSignal.any([silent.signal, ...(signal ? [signal] : [])]),
    });
    if (!accepts.includes(answer.status)) check(address, answer);
    return await take(watched(answer, () => timer.refresh()));
  } catch (cause) {
    throw cause instanceof PleuraError ? cause : unavailable(address, reasonOf(cause), cause);
  } finally {
    clearTimeout(timer);
  }
}

/** The answer, which tells of every piece of its body that comes. */
function watched(answer: Response, onPiece: () => void): Response {
  if (answer.body === null) return answer;
  const pieces = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      onPiece();
      controller.enqueue(piece);
    },
  });
  return new Response(answer.body.pipeThrough(pieces), { status: answer.status, headers: answer.headers });
}

function check(address: string, { ok, status }: Response): void {
  if (ok) return;
  const details = { stage: "read", file: shownInput(address), measured: `HTTP status ${status}` } as const;
  if (status === 401 || status === 403) {
    throw new PleuraError("access-denied", "The archive refuses access", {
      ...details,
      hint: "Set PLEURA_DICOMWEB_USER and PLEURA_DICOMWEB_PASSWORD, or PLEURA_DICOMWEB_TOKEN, or add the host to ~/.netrc",
    });
  }
  if (status === 404 || status === 410) {
    throw new PleuraError("not-found", "The archive does not have this", details);
  }
  if (status === 408 || status === 429 || status >= 500) throw unavailable(address, `HTTP status ${status}`, undefined);
  throw new PleuraError("bad-response", "The archive does not answer this request", {
    ...details,
    limit: "HTTP status 200",
    hint: "Make sure that the address is that of a DICOMweb service",
  });
}

function unavailable(address: string, measured: string, cause: unknown): PleuraError {
  return new PleuraError("archive-unavailable", "The archive cannot be reached, or breaks off", {
    stage: "read",
    file: shownInput(address),
    measured,
    hint: "Look whether the archive is running, and run the same command again: finished cases are skipped",
    cause,
  });
}

/** The system's name of what happened, such as ECONNREFUSED. */
function reasonOf(error: unknown): string {
  const { cause, name } = error as { cause?: { code?: unknown }; name?: string };
  const code = cause?.code;
  if (typeof code === "string" && /^[A-Z0-9_]+$/.test(code)) return code;
  return name === "AbortError" || name === "TimeoutError"
    ? `no bytes for ${SILENCE_MS / 1000} s`
    : "a broken connection";
}
