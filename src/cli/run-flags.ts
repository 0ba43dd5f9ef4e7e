import { type Command, Option } from "commander";
import type { PrepAllOptions } from "../node/batch.ts";
import { bytes, positiveInteger, seconds } from "./parse.ts";

/** The options that say how a machine works on cases, and what it prints. */
export interface RunFlags {
  readonly workers?: number;
  readonly timeout?: number;
  readonly memory?: number;
  readonly log: "text" | "json";
  readonly quiet?: true;
  readonly verbose?: true;
}

/** Gives a command the options behind {@link RunFlags}. */
export function addRunOptions(command: Command): Command {
  return command
    .option("--workers <n>", "number of worker processes (default: one per core, limited by memory)", positiveInteger)
    .option("--timeout <time>", "time limit per case: 90s, 10m (default: 10m)", seconds)
    .option("--memory <size>", "memory limit per case: 1500M, 2G (default: 2G)", bytes)
    .addOption(
      new Option("--log <form>", "format of the lines on standard output").choices(["text", "json"]).default("text"),
    )
    .addOption(new Option("--quiet", "print failed cases only, and no findings").conflicts("verbose"))
    .option("--verbose", "also print stages, on standard error");
}

/** Those of the options that the run itself is given. */
export function runOptions({
  workers,
  timeout,
  memory,
}: RunFlags): Pick<PrepAllOptions, "workers" | "timeout" | "memory"> {
  return {
    ...(workers !== undefined && { workers }),
    ...(timeout !== undefined && { timeout }),
    ...(memory !== undefined && { memory }),
  };
}
