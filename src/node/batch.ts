import { resolve } from "node:path";
import { invalidOption, type PleuraError, type Stage } from "../errors.ts";
import { limitsOf, workersThatFit } from "./capacity.ts";
import type { CaseWorker } from "./case-worker.ts";
import { type CaseFolder, findCases } from "./cases.ts";
import type { AnnotationTally } from "./given/annotation-tally.ts";
import type { GivenOptions } from "./given/given.ts";
import type { CaseResult, PrepCaseOptions } from "./prep-case.ts";
import { runCases } from "./run-cases.ts";
import { type RunReport, RunTally } from "./run-report.ts";
import { inShard, type Shard } from "./shard.ts";
import { sweep } from "./sweep.ts";
import type { Limits } from "./watch-process.ts";

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
 * of such runs may share an output folder: no case is done by two at the same time. A single case
 * without limits of its own runs in the calling process, where there is nothing else that it could
 * take along, and decodes compressed frames in as many threads as there would be processes.
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
  const cases = await casesOf(inputs, { ...options, out });
  const tally = new RunTally();
  const annotations = await prepareGiven(options, cases.length);
  const atOnce = wanted ?? workersThatFit(limits.memory);
  const workers = Math.max(1, Math.min(atOnce, cases.length));
  await sweep(out);
  const apart = cases.length > 1 || timeout !== undefined || memory !== undefined;
  const processes = apart ? await makeWorkers(workers, limits) : [];
  const endAll = () => Promise.all(processes.map((one) => one.end()));
  signal?.addEventListener("abort", endAll, { once: true });
  const here = async (folder: string, forCase: PrepCaseOptions, report: (stage: Stage) => void) => {
    const [{ prepCase }, { compileKernels }] = await Promise.all([
      import("./prep-case.ts"),
      import("./compile-kernels.ts"),
    ]);
    compileKernels();
    return prepCase(folder, { ...forCase, decodeThreads: atOnce - 1, onStage: report, ...(signal && { signal }) });
  };
  const apiece = processes.map(
    ({ run }): Prepare =>
      (folder, forCase, report) =>
        run({ folder, options: forCase }, { onStage: report, onRetry: (death) => onRetry?.(forCase.name, death) }),
  );
  const performing = (prepare: Prepare) => async (index: number) => {
    const { name, folder, series } = cases[index] as CaseFolder;
    const forCase = {
      ...rest,
      ...absolutePaths(rest),
      out,
      name,
      failedSince,
      ...(series !== undefined && { series }),
    };
    const result = await prepare(folder, forCase, (stage) => onStage?.(name, stage));
    if (result === undefined) return undefined;
    await annotations?.take(folder, result);
    onCase?.(result);
    return tally.take(result);
  };
  try {
    onStart?.(cases);
    const ends = await runCases(cases.length, (apart ? apiece : [here]).map(performing), stop);
    const report = tally.report(ends, workers, performance.now() - began);
    return annotations === undefined ? report : { ...report, nodules: await annotations.report() };
  } finally {
    signal?.removeEventListener("abort", endAll);
    await endAll();
    // What stopped workers have begun; a full disk, say, has been reported already.
    await sweep(out).catch(() => undefined);
  }
}

/** Checks what is given beside the scans before the first case begins. */
async function prepareGiven(options: PrepAllOptions, cases: number): Promise<AnnotationTally | undefined> {
  const { profile, lungs, nodules } = options;
  if (profile !== "luna16" && lungs === undefined && nodules === undefined) return undefined;
  await (await import("./given/given.ts")).checkGiven(options, cases);
  if (nodules === undefined) return undefined;
  return (await import("./given/annotation-tally.ts")).AnnotationTally.of({ ...options, nodules });
}

/** The paths of what is given, so that they hold in any process. */
export function absolutePaths({ lungs, nodules }: GivenOptions): Pick<GivenOptions, "lungs" | "nodules"> {
  return {
    ...(lungs !== undefined && { lungs: resolve(lungs) }),
    ...(nodules !== undefined && { nodules: resolve(nodules) }),
  };
}

/** Prepares one case, here or in another process; gives `undefined` while a third one works on it. */
type Prepare = (
  folder: string,
  options: PrepCaseOptions & { readonly name: string },
  onStage: (stage: Stage) => void,
) => Promise<CaseResult | undefined>;

async function makeWorkers(count: number, limits: Limits): Promise<CaseWorker[]> {
  const { makeCaseWorker } = await import("./case-worker.ts");
  return Array.from({ length: count }, () => makeCaseWorker(limits));
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
