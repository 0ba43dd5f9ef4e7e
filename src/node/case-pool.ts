import { fileURLToPath } from "node:url";
import workerpool from "workerpool";
import { PleuraError, type Stage } from "../errors.ts";
import type { CaseFolder } from "./cases.ts";
import { toFailure } from "./failure.ts";
import { removeUnfinished } from "./outputs.ts";
import type { CaseResult, PrepCaseOptions } from "./prep-case.ts";

/** Processes that prepare one case at a time each; see batch-worker.ts for what is said to them. */
export interface CasePool {
  /**
   * Prepares a case in the next process that is free.
   *
   * @returns the result; a process that dies gives a failure with the code `crashed`
   * @throws PleuraError `aborted` when the pool was ended meanwhile
   */
  run(one: CaseFolder, options: PrepCaseOptions, onStage: (stage: Stage) => void): Promise<CaseResult>;
  /** Stops all processes at once, busy or not; resolves when they are gone. */
  end(): Promise<void>;
}

/** Milliseconds that a busy process is given to end by itself before it is killed. */
const GRACE_MS = 200;

/**
 * Starts a pool. Processes, not threads: one that runs out of memory or crashes takes nothing
 * else along, and each has a heap of its own.
 *
 * @param workers - number of processes
 */
export function startCasePool(workers: number): CasePool {
  const pool = workerpool.pool(fileURLToPath(new URL("./batch-worker.js", import.meta.url)), {
    workerType: "process",
    maxWorkers: workers,
    workerTerminateTimeout: GRACE_MS,
  });
  let ended: Promise<void> | undefined;

  async function run(one: CaseFolder, options: PrepCaseOptions, onStage: (stage: Stage) => void): Promise<CaseResult> {
    let stage: Stage | undefined;
    const on = (event: { stage: Stage }) => {
      stage = event.stage;
      onStage(stage);
    };
    const began = performance.now();
    try {
      return await pool.exec("prepCase", [one.folder, { ...options, name: one.name }], { on });
    } catch (cause) {
      if (stage !== undefined) {
        await ended;
        await removeUnfinished(options.out, one.name);
      }
      if (ended !== undefined) throw new PleuraError("aborted", "the run was ended", { stage: stage ?? "read", cause });
      const milliseconds = Math.round(performance.now() - began);
      return {
        case: one.name,
        status: "failed",
        milliseconds,
        failure: toFailure(died(stage ?? "read", cause), "read"),
      };
    }
  }

  async function end(): Promise<void> {
    ended ??= Promise.resolve(pool.terminate(true)).then(() => undefined);
    await ended;
  }

  return { run, end };
}

function died(stage: Stage, cause: unknown): PleuraError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const signal = /signalCode: `(SIG\w+)`/.exec(text)?.[1];
  const status = /exitCode: `(\d+)`/.exec(text)?.[1];
  return new PleuraError("crashed", "the process that worked on this case died", {
    stage,
    measured: signal ?? (status === undefined ? text : `exit status ${status}`),
    hint: signal === "SIGKILL" ? "Often the system ran out of memory: try fewer workers" : "Please report this",
    cause,
  });
}
