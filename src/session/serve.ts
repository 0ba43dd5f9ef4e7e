import type { FrameDecoder } from "../dicom/decode-frame.ts";
import { PleuraError } from "../errors.ts";
import { tooLarge } from "./open-scan.ts";
import type { Answer, Method, Methods, PlainError, Port, Request } from "./protocol.ts";
import { RunFailure } from "./run-failure.ts";
import { Session } from "./session.ts";

/**
 * Makes a worker serve a session.
 *
 * @param port - the worker's own scope, or any end of a channel
 * @param decoder - of compressed frames; default: the worker decodes them itself
 */
export function serveSession(port: Port, decoder?: FrameDecoder): void {
  const post = (answer: Answer, transfer?: Transferable[]): void => port.postMessage(answer, transfer);
  const session = new Session((progress) => post({ kind: "progress", progress }), decoder);
  port.onmessage = async ({ data }: MessageEvent<Request>) => {
    try {
      const value = await call(session, data);
      post({ kind: "reply", id: data.id, value }, buffersOf(value));
    } catch (error) {
      post({ kind: "error", id: data.id, error: plain(error) });
    }
  };
}

function call<M extends Method>(
  session: Session,
  { method, args }: { method: M; args: Methods[M]["args"] },
): Promise<Methods[M]["value"]> {
  const answer = session[method] as (args: Methods[M]["args"]) => Promise<Methods[M]["value"]>;
  return answer.call(session, args);
}

/** The buffers of a reply's own typed arrays, to be transferred. */
function buffersOf(value: object): Transferable[] {
  return Object.values(value)
    .filter((part) => ArrayBuffer.isView(part))
    .map(({ buffer }) => buffer as ArrayBuffer);
}

function plain(error: unknown): PlainError {
  if (error instanceof RunFailure) return { ...plain(error.cause), step: error.step };
  const known = isOutOfMemory(error) ? tooLarge("the browser has no memory left") : error;
  if (known instanceof PleuraError) return { code: known.code, stage: known.stage, message: known.message };
  return { code: "unexpected", stage: undefined, message: known instanceof Error ? known.message : String(known) };
}

/** Engines report memory that cannot be had as a range error, each in its own words. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /alloc|memory|array length|too large/i.test(error.message);
}
