import { answerRequests } from "../dicom/frame-thread.ts";
import { type DecodePool, spreadFrames } from "../dicom/spread-frames.ts";

/**
 * Makes a decoder for `readSeries` that spreads compressed frames over workers. Where none can be
 * started, the calling thread decodes them all.
 *
 * @param threads - number of workers beside the calling thread, which decodes too
 * @param start - starts a worker whose script calls {@link serveDecoding}
 *
 * @example
 * const decoder = makeDecodePool(navigator.hardwareConcurrency - 1, () => {
 *   return new Worker(new URL("./decode-worker.js", import.meta.url), { type: "module" });
 * });
 */
export function makeDecodePool(threads: number, start: () => Worker): DecodePool {
  return spreadFrames(threads, {
    start(onAnswer, onEnd) {
      const worker = start();
      worker.onmessage = ({ data }) => onAnswer(data);
      worker.onerror = onEnd;
      return {
        post: (request) => worker.postMessage(request),
        end: () => worker.terminate(),
      };
    },
    turn,
  });
}

/** Makes a worker decode for the one that has started it with {@link makeDecodePool}. */
export function serveDecoding(): void {
  const port = self as unknown as Worker;
  const answer = answerRequests((message, transfer) => port.postMessage(message, transfer));
  port.onmessage = ({ data }) => answer(data);
}

/** A message to oneself: it comes behind those that are waiting, and timers are slower. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = () => {
      port2.close();
      resolve();
    };
    port1.postMessage(undefined);
  });
}
