import { fileURLToPath } from "node:url";
import workerpool from "workerpool";
import type { FrameDecoder } from "../dicom/decode-frame.ts";

/** Threads that decode compressed frames. */
export interface DecodePool extends FrameDecoder {
  /** Stops all threads at once, busy or not. */
  end(): Promise<void>;
}

/**
 * Makes a pool of decoding threads. A thread starts when the first frame needs it, so that a series
 * without compression costs none.
 *
 * @param threads - number of threads
 */
export function makeDecodePool(threads: number): DecodePool {
  const pool = workerpool.pool(fileURLToPath(new URL("./decode-worker.js", import.meta.url)), {
    workerType: "thread",
    maxWorkers: threads,
  });
  return {
    parallel: 2 * threads,
    decode: async (encoding, encoded, size) => pool.exec("decode", [encoding, encoded, size]),
    end: async () => {
      await pool.terminate(true);
    },
  };
}
