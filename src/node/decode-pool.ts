import { setImmediate as turn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { type DecodePool, spreadFrames } from "../dicom/spread-frames.ts";

/**
 * Makes a decoder for `readSeries` that spreads compressed frames over threads.
 *
 * @param threads - number of threads beside the calling one, which decodes too
 *
 * @example
 * const decoder = makeDecodePool(availableParallelism() - 1);
 * const scan = await readSeries("scan/", { decoder });
 * decoder.end();
 */
export function makeDecodePool(threads: number): DecodePool {
  return spreadFrames(threads, {
    start(onAnswer, onEnd) {
      const worker = new Worker(new URL("./decode-worker.js", import.meta.url));
      worker.on("message", onAnswer).on("error", onEnd).on("exit", onEnd);
      return {
        post: (request) => worker.postMessage(request),
        end: () => void worker.terminate(),
      };
    },
    turn,
  });
}
