import type { ClientRequest, request as httpRequest, IncomingMessage } from "node:http";
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
  readonly body?: Uint8Array;
  readonly contentType?: string;
  /** Statuses beside 200 to 299 whose answers are taken. */
  readonly accepts?: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

/** An answer whose status is as wanted. */
export interface Answer {
  readonly status: number;
  readonly contentType: string | undefined;
  /** The bytes of its body, as they come. */
  readonly pieces: AsyncIterable<Uint8Array>;
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
  take: (answer: Answer) => Promise<Taken>,
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
  take: (answer: Answer) => Promise<Taken>,
): Promise<Taken> {
  const url = new URL(address);
  const authorization = authorizationFor(url);
  const headers = {
    accept,
    ...(authorization !== undefined && { authorization }),
    ...(contentType !== undefined && { "content-type": contentType }),
    ...(body && { "content-length": body.length }),
  };
  const { request } = await import(url.protocol === "https:" ? "node:https" : "node:http");
  let sent: ClientRequest | undefined;
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      sent = (request as typeof httpRequest)(url, {
        method: body ? "POST" : "GET",
        headers,
        ...(signal && { signal }),
      });
      sent.setTimeout(SILENCE_MS, () => sent!.destroy(new Error("silent")));
      sent.once("response", resolve).once("error", reject).end(body);
    });
    const status = answer.statusCode ?? 0;
    if (!accepts.includes(status)) check(address, status);
    return await take({ status, contentType: answer.headers["content-type"], pieces: answer });
  } catch (cause) {
    throw cause instanceof PleuraError ? cause : unavailable(address, reasonOf(cause), cause);
  } finally {
    // What was not read of an answer is not waited for.
    sent?.destroy();
  }
}

/** All of an answer as text. */
export async function textOf({ pieces }: Answer): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString("utf8");
}

function check(address: string, status: number): void {
  if (status >= 200 && status < 300) return;
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
  const { code, message } = error as NodeJS.ErrnoException;
  if (message === "silent") return `no bytes for ${SILENCE_MS / 1000} s`;
  return code !== undefined && /^[A-Z0-9_]+$/.test(code) ? code : "a broken connection";
}
