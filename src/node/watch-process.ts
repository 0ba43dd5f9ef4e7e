import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { platform } from "node:os";
import { promisify } from "node:util";
import { PleuraError, type Stage } from "../errors.ts";

/** What a process may take for one case. */
export interface Limits {
  /** Seconds. */
  readonly timeout: number;
  /** Bytes of resident memory: a heap limit would not count typed arrays. */
  readonly memory: number;
}

/** Why a process was killed. */
export interface Excess {
  readonly of: keyof Limits;
  /** What was measured, with its unit. */
  readonly measured: string;
  /** The limit, with its unit. */
  readonly limit: string;
}

/** A watch over one process while it works on one case. */
export interface ProcessWatch {
  /** Why the process was killed, if it was. */
  readonly excess: Excess | undefined;
  /** Ends the watch. */
  stop(): void;
}

/** Milliseconds between two looks at the memory. */
const LOOK_MS = 200;
/** What Node's timers hold; more would be taken for none at all. */
const LONGEST_TIMER_MS = 0x7fffffff;
const run = promisify(execFile);

/**
 * Watches a process and has it killed when it takes longer, or more memory, than it may.
 * Memory is looked at five times a second on Linux and, by `ps`, on other Unix systems; on
 * Windows only the time is limited.
 *
 * @param before - bytes of resident memory that do not count, since the process held them before the case
 */
export function watchProcess(
  pid: number | undefined,
  limits: Limits,
  kill: (excess: Excess) => void,
  before = 0,
): ProcessWatch {
  let excess: Excess | undefined;
  let stopped = false;
  const stop = () => {
    stopped = true;
    clearTimeout(late);
    clearInterval(looks);
  };
  const exceed = (why: Excess) => {
    if (stopped) return;
    stop();
    excess = why;
    kill(why);
  };
  const seconds = `${limits.timeout} s`;
  const late = setTimeout(
    () => exceed({ of: "timeout", measured: `more than ${seconds}`, limit: seconds }),
    Math.min(limits.timeout * 1000, LONGEST_TIMER_MS),
  );
  const looks = setInterval(async () => {
    const bytes = pid === undefined ? 0 : (await residentBytes(pid)) - before;
    if (bytes > limits.memory) {
      exceed({ of: "memory", measured: megabytes(bytes), limit: megabytes(limits.memory) });
    }
  }, LOOK_MS);
  return {
    get excess() {
      return excess;
    },
    stop,
  };
}

/** The error for a case that took more than it may. */
export function tooMuch(stage: Stage, { of, ...figures }: Excess): PleuraError {
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

/** Resident memory of a process in bytes; 0 where nobody tells. */
export async function residentBytes(pid: number): Promise<number> {
  try {
    if (platform() === "linux") {
      return Number(/^VmRSS:\s*(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0) * 1024;
    }
    if (platform() === "win32") return 0;
    return Number((await run("ps", ["-o", "rss=", "-p", String(pid)])).stdout) * 1024;
  } catch {
    return 0;
  }
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
