import type { DecodedFrame, FrameSize } from "./codecs/codec.ts";
import { decodeHere } from "./decode-frame.ts";
import type { FrameEncoding } from "./transfer-syntax.ts";

/**
 * What is said between a reader and a thread that decodes for it.
 *
 * ```
 *      reader                           thread
 *        │  {encoding}                    │ loads the codec
 *        │ ─────────────────────────────▶ │
 *        │                       {ready}  │ from now on it is given frames
 *        │ ◀───────────────────────────── │
 *        │  {id, encoding, encoded, size} │ decodes, one frame after the other
 *        │ ─────────────────────────────▶ │
 *        │           {id, frame | error}  │ the frame's memory is given away
 *        │ ◀───────────────────────────── │
 * ```
 */
export type ThreadRequest = { readonly encoding: FrameEncoding } | FrameRequest;

/** Reader → thread: a frame to decode. */
export interface FrameRequest {
  readonly id: number;
  readonly encoding: FrameEncoding;
  readonly encoded: Uint8Array;
  readonly size: FrameSize;
}

/** Thread → reader. */
export type ThreadAnswer =
  | { readonly ready: true }
  | { readonly id: number; readonly frame: DecodedFrame }
  | { readonly id: number; readonly error: string };

/**
 * A thread's end: answers one request after the other.
 *
 * @param post - sends an answer to the reader; what is transferred is gone here
 * @returns to be called with every request that comes
 */
export function answerRequests(
  post: (answer: ThreadAnswer, transfer: ArrayBuffer[]) => void,
): (request: ThreadRequest) => Promise<void> {
  return async (request) => {
    if (!("id" in request)) {
      // A codec that cannot be loaded is an error of the first frame that needs it.
      await decodeHere.prepare(request.encoding).catch(() => undefined);
      return post({ ready: true }, []);
    }
    const { id, encoding, encoded, size } = request;
    try {
      const frame = await decodeHere.decode(encoding, encoded, size);
      post({ id, frame }, [frame.bytes.buffer as ArrayBuffer]);
    } catch (cause) {
      post({ id, error: cause instanceof Error ? cause.message : String(cause) }, []);
    }
  };
}
