import type { BuiltCli } from "./built-cli.ts";

/** `pleura queue work` in a process of its own, and what it has said. */
export interface QueueWorker {
  readonly pid: number;
  /** What it has written so far, stages included. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when either stream has something like this. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal to the process alone. */
  signal(name: NodeJS.Signals): void;
  /** How it ended. */
  readonly ended: Promise<number | null>;
}

/** Starts a worker that tells every stage. */
export function startWorker(pleura: BuiltCli, redis: string, ...flags: string[]): QueueWorker {
  const child = pleura.start("queue", "work", "--redis", redis, "--verbose", ...flags);
  const said = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]?.on("data", (data: Buffer) => {
      said[stream] += data.toString();
      for (const look of [...waiting]) look();
    });
  }
  return {
    pid: child.pid as number,
    get stdout() {
      return said.stdout;
    },
    get stderr() {
      return said.stderr;
    },
    seen: (pattern) =>
      new Promise((resolve) => {
        const look = () => {
          const found = pattern.exec(said.stdout) ?? pattern.exec(said.stderr);
          if (found === null) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    signal: (name) => child.kill(name),
    ended: new Promise((resolve) => child.once("close", resolve)),
  };
}
