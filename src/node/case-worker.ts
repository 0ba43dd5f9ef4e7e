import { PleuraError, type Stage } from "../errors.ts";
import { type CaseHost, type HostKind, startHost } from "./case-host.ts";
import { toFailure } from "./failure.ts";
import type { CaseResult } from "./prep-case.ts";
import { recordDeath } from "./settle-failure.ts";
import { type Excess, type Limits, watchProcess } from "./watch-process.ts";
import type { CaseOrder, WorkerMessage } from "./worker-protocol.ts";

/** What is told of a case while a worker has it. */
export interface WorkerEvents {
  readonly onStage: (stage: Stage) => void;
  /** The process has died, and a fresh one tries once more. */
  readonly onRetry: (death: PleuraError) => void;
}

/** A process or thread that prepares one case at a time, and its successors. */
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
 * Makes a worker; its process starts with the first case. Of several it has to be a process: one that runs out of memory
 * or crashes takes nothing else along, and its memory can be told from the others'. A single worker may be a thread,
 * which starts faster.
 *
 * @param limits - what a case may take; of a thread, the whole process is measured
 */
export function makeCaseWorker(limits: Limits, kind: HostKind = "process"): CaseWorker {
  let host: CaseHost | undefined;
  let ended = false;

  async function run(order: CaseOrder, { onStage, onRetry }: WorkerEvents): Promise<CaseResult | undefined> {
    const began = performance.now();
    for (let attempts = 1; ; attempts++) {
      if (ended) throw new PleuraError("aborted", "the run was ended", { stage: "read" });
      host = host?.isAlive ? host : startHost(kind);
      const result = await attempt(host, order, limits, onStage);
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
    await host?.kill();
  }

  return {
    run,
    get pid() {
      return host?.isAlive ? host.pid : undefined;
    },
    end,
  };
}

/** @returns what the process answered, or the error that says how it died */
async function attempt(
  host: CaseHost,
  order: CaseOrder,
  limits: Limits,
  onStage: (stage: Stage) => void,
): Promise<CaseResult | undefined | PleuraError> {
  let stage: Stage = "read";
  const watch = watchProcess(host.pid, limits, () => void host.kill());
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
  const onEnd = (reason: string) => settled(watch.excess ? tooMuch(stage, watch.excess) : death(stage, reason));
  const unlisten = host.listen(onMessage, onEnd);
  host.send(order);
  try {
    return await answer;
  } finally {
    watch.stop();
    unlisten();
  }
}

async function settle({ options, ...input }: CaseOrder, error: PleuraError) {
  const failure = toFailure(error, error.stage);
  await recordDeath(input, options, failure);
  return { case: options.name ?? input.folder, status: "failed", failure } as const;
}

function tooMuch(stage: Stage, { of, ...figures }: Excess): PleuraError {
  return of === "memory"
    ? new PleuraError("out-of-memory", "the case needs more memory than it may take", {
        stage,
        ...figures,
        hint: "Give a case more with --memory; fewer work at a time then",
      })
    : new PleuraError("timed-out", "the case takes longer than it may", {
        stage,
        ...figures,
        hint: "Give a case more time with --timeout",
      });
}

function death(stage: Stage, measured: string): PleuraError {
  return new PleuraError("crashed", "the process that worked on this case died", {
    stage,
    measured,
    hint: measured === "SIGKILL" ? "Often the system ran out of memory: try fewer workers" : "Please report this",
  });
}
