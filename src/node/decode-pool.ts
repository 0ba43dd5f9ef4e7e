import { fileURLToPath } from "node:url";
import type { Pool } from "workerpool";
import type { FrameDecoder } from "../dicom/decode-frame.ts";

/** Threads that decode compressed frames. */
export interface DecodePool extends FrameDecoder {
  /** Stops all threads at once, busy or not. */
  end(): Promise<void>;
}

/**
 * Makes a pool of decoding threads. Nothing is loaded and no thread starts before the first frame
 * needs it, so that a series without compression costs nothing.
 *
 * @param threads - number of threads
 */
export function makeDecodePool(threads: number): DecodePool {
  let pool: Promise<Pool> | undefined;
  return {
    parallel: 2 * threads,
    decode: async (encoding, encoded, size) => {
      pool ??= startPool(threads);
      return (await pool).exec("decode", [encoding, encoded, size]);
    },
    end: async () => {
      await (await pool)?.terminate(true);
    },
  };
}

async function startPool(threads: number): Promise<Pool> {
  const { default: workerpool } = await import("workerpool");
  return workerpool.pool(fileURLToPath(new URL("./decode-worker.js", import.meta.url)), {
    workerType: "thread",
    maxWorkers: threads,
  });
}
