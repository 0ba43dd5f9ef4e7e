import { resolve } from "node:path";
import { parametersOf } from "../case/profile.ts";
import { invalidOption, type PleuraError, type Stage } from "../errors.ts";
import { limitsOf, workersThatFit } from "./capacity.ts";
import { type CaseFolder, inputOf, knowledgeOf } from "./cases/case-input.ts";
import type { CaseOptions } from "./cases/case-options.ts";
import { casesOf, seriesToRead } from "./cases/plan-cases.ts";
import type { AnnotationTally } from "./given/annotation-tally.ts";
import type { GivenOptions } from "./given/given.ts";
import { type PrepareCase, prepHere } from "./prep-here.ts";
import type { CaseResult, PrepCaseOptions } from "./prep-options.ts";
import { runCases } from "./run-cases.ts";
import { type RunReport, RunTally } from "./run-report.ts";
import { sweep } from "./sweep.ts";

/** Options of {@link prepAll}: those of a single case, and the run's own. */
export interface PrepAllOptions
  extends Omit<PrepCaseOptions, "name" | "failedSince" | "decodeThreads" | "volumeMemory" | "onStage">,
    Omit<CaseOptions, "out" | "dryRun"> {
  /** Number of processes; default: the number of cores, or fewer where memory is short. */
  readonly workers?: number;
  /** Seconds that a case may take. Default 600. */
  readonly timeout?: number;
  /** Bytes of memory that a case may take. Default 2e9. */
  readonly memory?: number;
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
 * of such runs may share an output folder: no case is done by two at the same time. A single case
 * has the same limits. Unless they are given, it runs in the calling process, where there is nothing else that it could
 * take along, and is ended between two stages; it decodes compressed frames in as many threads as there would be processes.
 *
 * @param inputs - folders and files as {@link casesOf} understands them
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
  const { signal, stop, onStart, onStage, onCase } = options;
  checkOptions(options);
  const out = resolve(options.out);
  const forEach = { ...optionsOfCases(options), out, failedSince: Date.now() };
  const cases = await casesOf(inputs, { ...options, out });
  const annotations = await prepareGiven(options, cases.length);
  await sweep(out);
  const { workers, end } = await makeWorkers(cases.length, options);
  const tally = new RunTally();
  const perform = (prepare: PrepareCase) => async (index: number) => {
    const one = cases[index] as CaseFolder;
    const { name } = one;
    const result = await prepare(one, { ...forEach, name }, (stage) => onStage?.(name, stage));
    if (result === undefined) return undefined;
    await annotations?.take(one, result);
    onCase?.(result);
    return tally.take(result);
  };
  signal?.addEventListener("abort", end, { once: true });
  try {
    onStart?.(cases);
    const ends = await runCases(cases.length, workers.map(perform), stop);
    const report = tally.report(ends, workers.length, performance.now() - began);
    return annotations === undefined ? report : { ...report, nodules: await annotations.report() };
  } finally {
    signal?.removeEventListener("abort", end);
    await end();
    // What stopped workers have begun; a full disk, say, has been reported already.
    await sweep(out).catch(() => undefined);
  }
}

/** Refuses what is wrong with every case. */
function checkOptions(options: PrepAllOptions): void {
  const { workers } = options;
  if (workers !== undefined && !(Number.isInteger(workers) && workers > 0)) {
    throw invalidOption("workers", "a positive integer", workers);
  }
  limitsOf(options);
  parametersOf(options);
}

/** The options that each case gets: those of the run that are a single case's too. */
function optionsOfCases(options: PrepAllOptions): Omit<PrepCaseOptions, "out"> {
  const { workers, timeout, memory, by, names, series, allSeries, shard, files, stop, ...others } = options;
  const { out, signal, onStart, onStage, onRetry, onCase, onNote, onLook, ...forCase } = others;
  return { ...forCase, ...absolutePaths(forCase), ...seriesToRead(options) };
}

/**
 * What prepares the cases: processes of their own, or this one for a single case without limits.
 *
 * @returns one function for each that works at the same time, and what ends them all
 */
async function makeWorkers(
  cases: number,
  { workers: wanted, timeout, memory, signal, onRetry }: PrepAllOptions,
): Promise<{ readonly workers: readonly PrepareCase[]; readonly end: () => Promise<unknown> }> {
  const limits = limitsOf({ ...(timeout !== undefined && { timeout }), ...(memory !== undefined && { memory }) });
  const atOnce = wanted ?? workersThatFit(limits.memory);
  if (cases <= 1 && timeout === undefined && memory === undefined) {
    return { workers: [prepHere(limits, atOnce - 1, signal)], end: async () => {} };
  }
  const { makeCaseWorker } = await import("./case-worker.ts");
  const count = Math.max(1, Math.min(atOnce, cases));
  const processes = Array.from({ length: count }, () => makeCaseWorker(limits));
  const workers = processes.map(
    ({ run }): PrepareCase =>
      (one, options, onStage) =>
        run(
          { ...inputOf(one), ...knowledgeOf(one), options },
          { onStage, onRetry: (death) => onRetry?.(options.name, death) },
        ),
  );
  return { workers, end: () => Promise.all(processes.map((one) => one.end())) };
}

/** Checks what is given beside the scans before the first case begins. */
async function prepareGiven(options: PrepAllOptions, cases: number): Promise<AnnotationTally | undefined> {
  const { profile, lungs, model, nodules, lungLabels, modelRecipe, modelThreads } = options;
  const isGiven = [lungs, model, nodules, lungLabels, modelRecipe, modelThreads].some((one) => one !== undefined);
  if (profile !== "luna16" && !isGiven) return undefined;
  await (await import("./given/given.ts")).checkGiven(options, cases);
  // Each process loads it by itself; that it is there is told before the first case.
  if (model !== undefined) await (await import("./model/load-runtime.ts")).loadRuntime();
  if (nodules === undefined) return undefined;
  return (await import("./given/annotation-tally.ts")).AnnotationTally.of({ ...options, nodules });
}

/** The paths of what is given, so that they hold in any process. */
export function absolutePaths({
  lungs,
  model,
  nodules,
}: GivenOptions): Pick<GivenOptions, "lungs" | "model" | "nodules"> {
  return {
    ...(lungs !== undefined && { lungs: resolve(lungs) }),
    ...(model !== undefined && { model: resolve(model) }),
    ...(nodules !== undefined && { nodules: resolve(nodules) }),
  };
}
