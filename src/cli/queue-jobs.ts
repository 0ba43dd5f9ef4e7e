import { Command } from "commander";
import { formatJson } from "../case/format-json.ts";
import type { CaseQueue } from "../queue/case-queue.ts";
import type { Retried } from "../queue/retry-cases.ts";
import { FAILED } from "./exit-status.ts";
import { failureText } from "./lines.ts";
import { loadQueue } from "./load-queue.ts";
import { printable, printLine, printText } from "./print.ts";
import { addRedisOption, type RedisFlag } from "./redis-flag.ts";

type Room = typeof import("../queue/index.ts");

interface JobsFlags extends RedisFlag {
  readonly json?: true;
}

/** `pleura queue status`: how many jobs there are. */
export function queueStatusCommand(): Command {
  return addRedisOption(new Command("status").summary("count the jobs").description("Counts the jobs of the queue."))
    .option("--json", "print JSON instead")
    .action(status);
}

/** `pleura queue failed`: which cases failed, and why. */
export function failedCommand(): Command {
  return addRedisOption(
    new Command("failed")
      .summary("list the failed cases")
      .description("Lists the cases that failed, the latest first."),
  )
    .option("--json", "print JSON instead, with paths and the whole cause")
    .action(failed);
}

/** `pleura queue retry`: failed cases once more. */
export function retryCommand(): Command {
  return addRedisOption(
    new Command("retry")
      .summary("queue failed cases again")
      .description("Queues failed cases again: those that are named, or all.")
      .argument("[case...]", "names of cases"),
  ).action(retry);
}

/** `pleura queue drain`: empties the queue. */
export function drainCommand(): Command {
  return addRedisOption(
    new Command("drain")
      .summary("take out all waiting cases")
      .description("Takes out all cases that wait. Those that run are finished; those that failed are kept."),
  )
    .option("--failed", "also take out those that failed")
    .action(drain);
}

async function status({ redis, json }: JobsFlags): Promise<void> {
  const counts = await using(redis, (queue, { queueCounts }) => queueCounts(queue));
  const line = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  printText(json ? formatJson(counts) : `${line.join(", ")}\n`);
}

async function failed({ redis, json }: JobsFlags): Promise<void> {
  const cases = await using(redis, (queue, { failedCases }) => failedCases(queue));
  const lines = cases.map((one) => `${printable(`${one.case}  failed  ${failureText(one.failure)}`)}\n`);
  printText(json ? formatJson(cases) : lines.join(""));
}

async function retry(names: string[], { redis }: RedisFlag): Promise<void> {
  const again = await using(redis, (queue, { retryCases }) => retryCases(queue, names));
  for (const one of again) printLine(`${one.case}  ${RETRIED[one.outcome]}`);
  const missing = names.filter((name) => !again.some((one) => one.case === name));
  for (const name of missing) printLine(`${name}: no failed case has this name`, process.stderr);
  if (missing.length > 0 || again.some(({ outcome }) => outcome === "invalid")) process.exitCode = FAILED;
}

const RETRIED: Readonly<Record<Retried["outcome"], string>> = {
  added: "added",
  invalid: "failed  this is not the job of a case: pleura queue drain --failed takes it out",
  changed: "changed  somebody else has queued it, or taken it out",
};

async function drain({ redis, failed = false }: RedisFlag & { readonly failed?: boolean }): Promise<void> {
  const count = await using(redis, (queue, { drainQueue }) => drainQueue(queue, { failed }));
  printLine(`${count} taken out`);
}

/** Opens the queue for one thing; nothing of it is loaded before. */
async function using<T>(redis: string, use: (queue: CaseQueue, room: Room) => Promise<T>): Promise<T> {
  const room = await loadQueue();
  return room.withQueue(room.parseRedisUrl(redis), (queue) => use(queue, room));
}
