import type { BuiltCli } from "./built-cli.ts";

/** `pleura queue work` in a process of its own, and what it has said. */
export interface QueueWorker {
  /** What it has written so far, stages included. */
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves when either stream has something like this. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  /** The same, but of what is written from now on. */
  next(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal to the process alone. */
  signal(name: NodeJS.Signals): void;
  /** How it ended. */
  readonly ended: Promise<number | null>;
}

const NOTHING = { stdout: 0, stderr: 0 };

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
  const find = (pattern: RegExp, from: typeof NOTHING) =>
    new Promise<RegExpExecArray>((resolve) => {
      const look = () => {
        const found = pattern.exec(said.stdout.slice(from.stdout)) ?? pattern.exec(said.stderr.slice(from.stderr));
        if (found === null) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return {
    get stdout() {
      return said.stdout;
    },
    get stderr() {
      return said.stderr;
    },
    seen: (pattern) => find(pattern, NOTHING),
    next: (pattern) => find(pattern, { stdout: said.stdout.length, stderr: said.stderr.length }),
    signal: (name) => child.kill(name),
    ended: new Promise((resolve) => child.once("close", resolve)),
  };
}
