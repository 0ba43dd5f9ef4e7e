import { resolve } from "node:path";
import { Command } from "commander";
import { parametersOf } from "../case/profile.ts";
import { isWebAddress } from "../dicomweb/address.ts";
import { invalidOption } from "../errors.ts";
import { absolutePaths } from "../node/batch.ts";
import { casesOf, seriesToRead } from "../node/cases/plan-cases.ts";
import type { Added } from "../queue/add-cases.ts";
import { addOutputOptions, caseOptions, type OutputFlags } from "./case-flags.ts";
import { FAILED } from "./exit-status.ts";
import { loadQueue } from "./load-queue.ts";
import { printLine } from "./print.ts";
import { addRedisOption, type RedisFlag } from "./redis-flag.ts";

interface AddFlags extends OutputFlags, RedisFlag {
  readonly preview?: true;
}

/** `pleura queue add`: a job for each case. */
export function queueAddCommand(): Command {
  const command = new Command("add")
    .summary("queue cases")
    .description(
      "Queues cases, a job each; the same again changes nothing. Inputs and options are those of prep. Every machine\n" +
        "that works on the queue must find the inputs and the output folder under the same paths.",
    );
  return addRedisOption(addOutputOptions(command))
    .option("--preview", "also keep the pictures that prep --html makes its page of")
    .action(add);
}

async function add(inputs: string[], flags: AddFlags): Promise<void> {
  const { addCases, caseJob, parseRedisUrl, withQueue } = await loadQueue();
  const address = parseRedisUrl(flags.redis);
  const out = resolve(flags.out);
  const { by, names, series, allSeries = false, shard, ...options } = caseOptions(flags);
  const cases = await casesOf(inputs, {
    out,
    allSeries,
    ...(by && { by }),
    ...(names && { names }),
    ...(shard && { shard }),
    ...(series !== undefined && { series }),
    onNote: (text) => printLine(text, process.stderr),
  });
  if (cases.some(({ folder }) => isWebAddress(folder))) {
    throw invalidOption("input", "folders and files (pleura prep reads archives)", "the address of an archive");
  }
  const { checkGiven } = await import("../node/given/given.ts");
  parametersOf(options);
  await checkGiven(options, cases.length);
  const { force = false, preview = false, keepFileNames } = flags;
  const forCase = {
    ...options,
    ...absolutePaths(options),
    ...seriesToRead({ ...(by && { by }), ...(series !== undefined && { series }) }),
    force,
    preview,
    ...(keepFileNames && { keepFileNames }),
  };
  const jobs = cases.map((one) => caseJob(one, out, forCase));
  const counts: Record<Added, number> = { added: 0, changed: 0, queued: 0, done: 0, busy: 0 };
  await withQueue(address, (queue) =>
    addCases(queue, jobs, (name, added) => {
      counts[added]++;
      printLine(`${name}  ${TEXTS[added]}`);
    }),
  );
  const present = Object.entries(counts).filter(([, count]) => count > 0);
  printLine(present.map(([added, count]) => `${count} ${added}`).join(", "), process.stderr);
  if (counts.busy > 0) process.exitCode = FAILED;
}

const TEXTS: Readonly<Record<Added, string>> = {
  added: "added",
  changed: "changed  it was waiting with other parameters",
  queued: "queued  it is in the queue already",
  done: "done  its outputs stand",
  busy: "busy  a worker has it with other parameters: add it again when that is done",
};
