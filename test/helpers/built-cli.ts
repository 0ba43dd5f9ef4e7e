import { execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { built } from "./builds.ts";

/** How a program ended and what it said. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line as it is shipped, built from the sources at hand. */
export interface BuiltCli {
  /** Folder of the build: `cli.js`, `node.js`, … */
  readonly folder: string;
  /** Runs `pleura` to its end. */
  run(...args: string[]): Promise<Outcome>;
  /** Runs it from a line of shell, to which the whole command is given as `"$0" "$@"`. */
  runUnder(shell: string, ...args: string[]): Promise<Outcome>;
  /** Starts `pleura` in a process group of its own. */
  start(...args: string[]): ReturnType<typeof spawn>;
  /** Starts it from a line of shell, to which the whole command is given as `"$0" "$@"`. */
  startUnder(shell: string, ...args: string[]): ReturnType<typeof spawn>;
}

/** The command line, built from the sources at hand. */
export async function buildCli(): Promise<BuiltCli> {
  const folder = await built("cli");
  const cli = join(folder, "cli.js");
  const run = (command: string, args: readonly string[]) =>
    new Promise<Outcome>((resolve) => {
      const child = execFile(command, args, (_error, stdout, stderr) => {
        resolve({ status: child.exitCode, stdout, stderr });
      });
    });
  return {
    folder,
    run: (...args) => run(process.execPath, [cli, ...args]),
    runUnder: (shell, ...args) => run("sh", ["-c", shell, process.execPath, cli, ...args]),
    start: (...args) => spawn(process.execPath, [cli, ...args], { detached: true, stdio: ["ignore", "pipe", "pipe"] }),
    startUnder: (shell, ...args) =>
      spawn("sh", ["-c", shell, process.execPath, cli, ...args], { detached: true, stdio: ["ignore", "pipe", "pipe"] }),
  };
}
