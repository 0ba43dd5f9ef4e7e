import { resolve } from "node:path";
import { invalidOption, type PleuraError, type Stage } from "../errors.ts";
import { limitsOf, workersThatFit } from "./capacity.ts";
import { type CaseWorker, makeCaseWorker } from "./case-worker.ts";
import { type CaseFolder, findCases } from "./cases.ts";
import type { CaseResult, PrepCaseOptions } from "./prep-case.ts";
import { runCases } from "./run-cases.ts";
import { type RunReport, RunTally } from "./run-report.ts";
import { inShard, type Shard } from "./shard.ts";
import { sweep } from "./sweep.ts";

/** Options of {@link prepAll}: those of a single case, and the run's own. */
export interface PrepAllOptions
  extends Omit<PrepCaseOptions, "name" | "failedSince" | "decodeThreads" | "volumeMemory" | "onStage"> {
  /** Number of processes; default: the number of cores, or fewer where memory is short. */
  readonly workers?: number;
  /** Seconds that a case may take. Default 600. */
  readonly timeout?: number;
  /** Bytes of memory that a case may take. Default 2e9. */
  readonly memory?: number;
  /** Make a case of every series of a folder, see `splitBySeries`. Default false. */
  readonly allSeries?: boolean;
  /** Prepare one part of the cases only, see {@link inShard}. Default: all. */
  readonly shard?: Shard;
  /** Begins no more cases and finishes those that run; `signal` ends those too. */
  readonly stop?: AbortSignal;
  /** Called once, when the cases are known and before the first begins. */
  readonly onStart?: (cases: readonly CaseFolder[]) => void;
  /** Called when a case enters a stage. */
  readonly onStage?: (name: string, stage: Stage) => void;
  /** Called when a case's process has died and a fresh one tries once more. */
  readonly onRetry?: (name: string, failure: PleuraError) => void;
  /** Called when a case has ended, in the order in which they end. */
  readonly onCase?: (result: CaseResult) => void;
}

/**
 * Prepares every case of one or more folders in parallel processes, skipping what is done.
 *
 * A case that fails, whose process dies, or that takes more time or memory than it may, is
 * reported and costs no other case; a process that died is given one successor first. Any number
 * of such runs may share an output folder: no case is done by two at the same time. A single case has
 * the same limits; its process decodes compressed frames in as many threads as there would be processes.
 *
 * @param inputs - folders as {@link findCases} understands them
 * @param options - output folder, workers, limits, options of the single cases
 * @throws PleuraError `not-found` or `invalid-option` for unusable inputs, `write-failed` when the
 * output folder cannot be written, `aborted` after the signal; failures of cases are results
 *
 * @example
 * const report = await prepAll(["scans"], { out: "prepared" });
 * for (const one of report.cases) if (one.status === "failed") console.error(one.failure.message);
 */
export async function prepAll(inputs: readonly string[], options: PrepAllOptions): Promise<RunReport> {
  const began = performance.now();
  const failedSince = Date.now();
  const { workers: wanted, timeout, memory, allSeries, shard, stop, ...others } = options;
  const { signal, onStart, onStage, onRetry, onCase, ...rest } = others;
  const limits = limitsOf(options);
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted > 0)) {
    throw invalidOption("workers", "a positive integer", wanted);
  }
  const out = resolve(options.out);
  const processes = [makeCaseWorker(limits)];
  // It takes a while, and is over by the time that the cases are known.
  processes[0]!.start();
  const endAll = () => Promise.all(processes.map((one) => one.end()));
  signal?.addEventListener("abort", endAll, { once: true });
  try {
    const cases = await casesOf(inputs, { ...options, out });
    const atOnce = wanted ?? workersThatFit(limits.memory);
    const workers = Math.max(1, Math.min(atOnce, cases.length));
    while (processes.length < workers) processes.push(makeCaseWorker(limits));
    await sweep(out);
    const decodeThreads = cases.length > 1 ? 0 : atOnce - 1;
    const tally = new RunTally();
    const performing = (worker: CaseWorker) => async (index: number) => {
      const { name, folder, series } = cases[index] as CaseFolder;
      const forCase = { ...rest, out, name, failedSince, decodeThreads, ...(series !== undefined && { series }) };
      const result = await worker.run(
        { folder, options: forCase },
        { onStage: (stage) => onStage?.(name, stage), onRetry: (death) => onRetry?.(name, death) },
      );
      if (result === undefined) return undefined;
      onCase?.(result);
      return tally.take(result);
    };
    onStart?.(cases);
    const ends = await runCases(cases.length, processes.map(performing), stop);
    return tally.report(ends, workers, performance.now() - began);
  } finally {
    signal?.removeEventListener("abort", endAll);
    await endAll();
    // What stopped workers have begun; a full disk, say, has been reported already.
    await sweep(out).catch(() => undefined);
  }
}

/**
 * The cases of a run, as {@link prepAll} understands its inputs and options.
 *
 * @throws PleuraError `not-found` or `invalid-option` for unusable inputs
 */
export async function casesOf(
  inputs: readonly string[],
  {
    out,
    allSeries = false,
    series,
    shard,
    signal,
  }: Pick<PrepAllOptions, "out" | "allSeries" | "series" | "shard" | "signal">,
): Promise<CaseFolder[]> {
  if (allSeries && series !== undefined) throw invalidOption("series", "no series together with allSeries", series);
  const found = await findCases(inputs, out);
  // What a run does not need is not loaded: a case takes a second, and loading all a tenth of it.
  const cases = allSeries ? await (await import("./series-cases.ts")).splitBySeries(found, signal) : found;
  return shard === undefined ? cases : cases.filter(({ name }) => inShard(name, shard));
}
