import type { Stage } from "../errors.ts";
import type { CaseFolder } from "./cases/case-input.ts";
import type { CaseResult, PrepCaseOptions } from "./prep-options.ts";
import { type Limits, tooMuch, watchProcess } from "./watch-process.ts";

/** Prepares one case, here or in another process; returns `undefined` while a third one works on it. */
export type PrepareCase = (
  one: CaseFolder,
  options: PrepCaseOptions & { readonly name: string },
  onStage: (stage: Stage) => void,
) => Promise<CaseResult | undefined>;

/**
 * Prepares a case in this process, for a run of one case: beyond the limits it is ended between two stages. Memory
 * that the process holds before counts for nothing: it belongs to the program that calls.
 *
 * @param decodeThreads - threads that decode compressed frames beside this one
 * @param signal - ends the case
 */
export function prepHere(limits: Limits, decodeThreads: number, signal: AbortSignal | undefined): PrepareCase {
  return async (one, options, onStage) => {
    const [{ tryCase }, { compileKernels }] = await Promise.all([
      import("./prep-case.ts"),
      import("./compile-kernels.ts"),
    ]);
    compileKernels();
    let stage: Stage = "read";
    const over = new AbortController();
    const watch = watchProcess(
      process.pid,
      limits,
      (excess) => over.abort(tooMuch(stage, excess)),
      process.memoryUsage.rss(),
    );
    try {
      return await tryCase(one, {
        ...options,
        decodeThreads,
        onStage: (next) => {
          stage = next;
          onStage(next);
        },
        signal: AbortSignal.any(signal === undefined ? [over.signal] : [over.signal, signal]),
      });
    } finally {
      watch.stop();
    }
  };
}
