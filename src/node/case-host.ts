import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { CaseOrder, WorkerMessage } from "./worker-protocol.ts";

/** What runs `batch-worker`: a process, or a thread of this one. */
export interface CaseHost {
  /** Process whose memory is watched. */
  readonly pid: number | undefined;
  /** Whether it still takes orders. */
  readonly isAlive: boolean;
  /** Sends an order. Where that fails, the host ends. */
  send(order: CaseOrder): void;
  /**
   * Listens to what the host says and to how it ends.
   *
   * @param onMessage - called for each message
   * @param onEnd - called with the reason when it has ended: a signal, an exit status, an error
   * @returns ends the listening
   */
  listen(onMessage: (message: WorkerMessage) => void, onEnd: (reason: string) => void): () => void;
  /** Ends it at once, busy or not; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Kinds of {@link CaseHost}. */
export type HostKind = "process" | "thread";

/** Starts a host; it is ready for orders at once. */
export function startHost(kind: HostKind): CaseHost {
  return kind === "process" ? hostOfProcess(fork(fileURLToPath(workerUrl()))) : hostOfThread(new Worker(workerUrl()));
}

function workerUrl(): URL {
  return new URL("./batch-worker.js", import.meta.url);
}

function hostOfProcess(child: ChildProcess): CaseHost {
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  // One that dies between two cases is replaced when the next one begins.
  child.on("error", () => undefined);
  return {
    pid: child.pid,
    get isAlive() {
      return child.connected && !hasEnded();
    },
    send(order) {
      child.send(order, (error) => error && child.kill("SIGKILL"));
    },
    listen(onMessage, onEnd) {
      const onError = (error: Error) => onEnd(error.message);
      const onExit = (status: number | null, signal: NodeJS.Signals | null) => onEnd(signal ?? `exit status ${status}`);
      child.on("message", onMessage).on("error", onError).on("exit", onExit);
      return () => child.off("message", onMessage).off("error", onError).off("exit", onExit);
    },
    async kill() {
      if (hasEnded()) return;
      const gone = once(child, "exit");
      if (child.kill("SIGKILL")) await gone;
    },
  };
}

function hostOfThread(thread: Worker): CaseHost {
  let isAlive = true;
  thread
    .on("error", () => undefined)
    .on("exit", () => {
      isAlive = false;
    });
  return {
    pid: process.pid,
    get isAlive() {
      return isAlive;
    },
    send(order) {
      thread.postMessage(order);
    },
    listen(onMessage, onEnd) {
      const onError = (error: Error) => onEnd(error.message);
      const onExit = (status: number) => onEnd(`exit status ${status}`);
      thread.on("message", onMessage).on("error", onError).on("exit", onExit);
      return () => thread.off("message", onMessage).off("error", onError).off("exit", onExit);
    },
    async kill() {
      await thread.terminate();
    },
  };
}
