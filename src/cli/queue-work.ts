import { Command } from "commander";
import { INTERRUPTED } from "./exit-status.ts";
import { twoStepInterrupt } from "./interrupt.ts";
import { caseEvent, caseLine, findingLines, retryLine } from "./lines.ts";
import { loadQueue } from "./load-queue.ts";
import { collect, listenAddress, seconds } from "./parse.ts";
import { isForPerson, printLine } from "./print.ts";
import { addRedisOption, type RedisFlag } from "./redis-flag.ts";
import { addRunOptions, type RunFlags, runOptions } from "./run-flags.ts";

interface WorkFlags extends RunFlags, RedisFlag {
  readonly root: readonly string[];
  readonly inputRoot?: readonly string[];
  readonly lock?: number;
  readonly grace?: number;
  readonly metrics?: { readonly host: string; readonly port: number };
}

/** `pleura queue work`: does queued cases until it is told to stop. */
export function queueWorkCommand(): Command {
  const command = new Command("work")
    .summary("do queued cases")
    .description(
      "Does queued cases until it is told to stop. Any number of machines may work on one queue. SIGTERM, or Ctrl-C,\n" +
        "finishes the cases that run and takes no other; the second one gives them back to the queue at once.\n" +
        "Jobs come from whoever can write to Redis, so name the folders below which they may write, by --root.",
    );
  return addRedisOption(addRunOptions(command))
    .requiredOption("--root <dir>", "jobs may write below this folder; may be repeated", collect)
    .option("--input-root <dir>", "jobs may read below this folder only; may be repeated (default: anywhere)", collect)
    .option("--metrics <[host:]port>", "serve metrics to Prometheus (default host: 127.0.0.1)", listenAddress)
    .option("--grace <time>", "what cases that run have when it is to stop (default: 10m)", seconds)
    .option("--lock <time>", "without a sign of life for so long it has lost its cases (default: 30s)", seconds)
    .action(work);
}

async function work(flags: WorkFlags): Promise<void> {
  const { parseRedisUrl, workOnQueue } = await loadQueue();
  const log = (line: string) => printLine(line, process.stderr);
  const interrupt = twoStepInterrupt(() => log("stopping after the cases in progress; press again to stop now"));
  await workOnQueue(parseRedisUrl(flags.redis), {
    ...runOptions(flags),
    roots: { out: flags.root, ...(flags.inputRoot && { inputs: flags.inputRoot }) },
    ...(flags.lock !== undefined && { lock: flags.lock }),
    ...(flags.grace !== undefined && { grace: flags.grace }),
    ...(flags.metrics !== undefined && { metrics: flags.metrics }),
    ...interrupt,
    onNote: log,
    onStage: (name, stage) => {
      if (flags.verbose) log(`${name}: ${stage}`);
    },
    onRetry: (name, death) => log(retryLine(name, death)),
    onCase: (result) => {
      if (flags.quiet && result.status !== "failed") return;
      if (!flags.quiet && flags.log === "text") {
        for (const line of findingLines(result, isForPerson(process.stderr))) log(line);
      }
      const { stdout } = process;
      printLine(flags.log === "json" ? JSON.stringify(caseEvent(result)) : caseLine(result, isForPerson(stdout)));
    },
  });
  // A connection that was cut while it tried to come back leaves timers that would keep the process.
  process.exit(interrupt.signal.aborted ? INTERRUPTED : 0);
}
