import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { PleuraError, type Stage } from "../errors.ts";
import { toFailure } from "./failure.ts";
import type { CaseResult } from "./prep-options.ts";
import { recordDeath } from "./settle-failure.ts";
import { type Limits, tooMuch, watchProcess } from "./watch-process.ts";
import type { CaseOrder, WorkerMessage } from "./worker-protocol.ts";

/** What is told of a case while a worker has it. */
export interface WorkerEvents {
  readonly onStage: (stage: Stage) => void;
  /** The process has died, and a fresh one tries once more. */
  readonly onRetry: (death: PleuraError) => void;
}

/** A process that prepares one case at a time, and its successors. */
export interface CaseWorker {
  /**
   * Prepares a case. When the process dies, or is killed because the case takes more than it may,
   * a fresh one tries once more.
   *
   * @returns the result, a second death being a failure; `undefined` while another process works
   * on the case
   * @throws PleuraError `aborted` when the worker was ended meanwhile
   */
  run(order: CaseOrder, events: WorkerEvents): Promise<CaseResult | undefined>;
  /** Number of the process, while there is one. */
  readonly pid: number | undefined;
  /** Kills the process, busy or not; resolves when it is gone. */
  end(): Promise<void>;
}

const ATTEMPTS = 2;

/**
 * Makes a worker; its process starts with the first case. A process, not a thread: one that runs
 * out of memory or crashes takes nothing else along, and its memory can be watched.
 *
 * @param limits - limits per case
 */
export function makeCaseWorker(limits: Limits): CaseWorker {
  let child: ChildProcess | undefined;
  let ended = false;

  async function run(order: CaseOrder, { onStage, onRetry }: WorkerEvents): Promise<CaseResult | undefined> {
    const began = performance.now();
    for (let attempts = 1; ; attempts++) {
      if (ended) throw new PleuraError("aborted", "the run was ended", { stage: "read" });
      child = isAlive(child) ? child : startProcess();
      const result = await attempt(child, order, limits, onStage);
      if (!(result instanceof PleuraError)) return result && attempts > 1 ? { ...result, attempts } : result;
      if (ended) throw new PleuraError("aborted", "the run was ended", { stage: result.stage, cause: result });
      if (attempts === ATTEMPTS) {
        const milliseconds = Math.round(performance.now() - began);
        return { ...(await settle(order, result)), milliseconds, attempts };
      }
      onRetry(result);
    }
  }

  async function end(): Promise<void> {
    ended = true;
    await kill(child);
  }

  return {
    run,
    get pid() {
      return isAlive(child) ? child.pid : undefined;
    },
    end,
  };
}

function startProcess(): ChildProcess {
  const child = fork(fileURLToPath(new URL("./batch-worker.js", import.meta.url)));
  // One that dies between two cases is replaced when the next one begins.
  child.on("error", () => undefined);
  return child;
}

/** @returns what the process answered, or the error that says how it died */
async function attempt(
  child: ChildProcess,
  order: CaseOrder,
  limits: Limits,
  onStage: (stage: Stage) => void,
): Promise<CaseResult | undefined | PleuraError> {
  let stage: Stage = "read";
  const watch = watchProcess(child.pid, limits, () => child.kill("SIGKILL"));
  let settled: (result: CaseResult | undefined | PleuraError) => void = () => undefined;
  const answer = new Promise<CaseResult | undefined | PleuraError>((resolve) => {
    settled = resolve;
  });
  const onMessage = (message: WorkerMessage) => {
    if ("stage" in message) {
      stage = message.stage;
      onStage(stage);
    } else if ("result" in message) settled(message.result ?? undefined);
    else settled(death(stage, message.error));
  };
  const onError = (error: Error) => settled(death(stage, error.message));
  const onExit = (status: number | null, signal: NodeJS.Signals | null) => {
    settled(watch.excess ? tooMuch(stage, watch.excess) : death(stage, signal ?? `exit status ${status}`));
  };
  child.on("message", onMessage).on("error", onError).on("exit", onExit);
  child.send(order, (error) => error && child.kill("SIGKILL"));
  try {
    return await answer;
  } finally {
    watch.stop();
    child.off("message", onMessage).off("error", onError).off("exit", onExit);
  }
}

async function settle({ options, ...input }: CaseOrder, error: PleuraError) {
  const failure = toFailure(error, error.stage);
  await recordDeath(input, options, failure);
  return { case: options.name ?? input.folder, status: "failed", failure } as const;
}

function isAlive(child: ChildProcess | undefined): child is ChildProcess {
  return child?.connected === true && child.exitCode === null && child.signalCode === null;
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  if (child.kill("SIGKILL")) await gone;
}

function death(stage: Stage, measured: string): PleuraError {
  return new PleuraError("crashed", "the process that worked on this case died", {
    stage,
    measured,
    hint: measured === "SIGKILL" ? "Often the system ran out of memory: try fewer workers" : "Please report this",
  });
}
