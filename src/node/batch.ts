import { resolve } from "node:path";
import { parametersOf } from "../case/profile.ts";
import { invalidOption, type PleuraError, type Stage } from "../errors.ts";
import { limitsOf, workersThatFit } from "./capacity.ts";
import type { CaseWorker } from "./case-worker.ts";
import { type CaseFolder, inputOf, knowledgeOf } from "./cases/case-input.ts";
import type { CaseOptions } from "./cases/case-options.ts";
import { casesOf, seriesToRead } from "./cases/plan-cases.ts";
import type { AnnotationTally } from "./given/annotation-tally.ts";
import type { GivenOptions } from "./given/given.ts";
import type { CaseResult, PrepCaseOptions } from "./prep-options.ts";
import { runCases } from "./run-cases.ts";
import { type RunReport, RunTally } from "./run-report.ts";
import { sweep } from "./sweep.ts";
import { type Limits, tooMuch, watchProcess } from "./watch-process.ts";

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
  const failedSince = Date.now();
  const { workers: wanted, timeout, memory, by, names, series, allSeries, shard, files, stop, ...others } = options;
  const { signal, onStart, onStage, onRetry, onCase, onNote, onLook, ...rest } = others;
  const limits = limitsOf(options);
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted > 0)) {
    throw invalidOption("workers", "a positive integer", wanted);
  }
  // What is wrong with the parameters is wrong with every case.
  parametersOf(options);
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
  const here = async (one: CaseFolder, forCase: PrepCaseOptions, report: (stage: Stage) => void) => {
    const [{ prepCase }, { compileKernels }] = await Promise.all([
      import("./prep-case.ts"),
      import("./compile-kernels.ts"),
    ]);
    compileKernels();
    let stage: Stage = "read";
    const onStage = (next: Stage) => {
      stage = next;
      report(next);
    };
    const over = new AbortController();
    const watch = watchProcess(process.pid, limits, (excess) => over.abort(tooMuch(stage, excess)));
    const ending = AbortSignal.any(signal === undefined ? [over.signal] : [over.signal, signal]);
    try {
      return await prepCase(one, { ...forCase, decodeThreads: atOnce - 1, onStage, signal: ending });
    } finally {
      watch.stop();
    }
  };
  const apiece = processes.map(
    ({ run }): Prepare =>
      (one, forCase, report) =>
        run(
          { ...inputOf(one), ...knowledgeOf(one), options: forCase },
          { onStage: report, onRetry: (death) => onRetry?.(forCase.name, death) },
        ),
  );
  const performing = (prepare: Prepare) => async (index: number) => {
    const one = cases[index] as CaseFolder;
    const { name } = one;
    const forCase = { ...rest, ...absolutePaths(rest), ...seriesToRead(options), out, name, failedSince };
    const result = await prepare(one, forCase, (stage) => onStage?.(name, stage));
    if (result === undefined) return undefined;
    await annotations?.take(one, result);
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
  one: CaseFolder,
  options: PrepCaseOptions & { readonly name: string },
  onStage: (stage: Stage) => void,
) => Promise<CaseResult | undefined>;

async function makeWorkers(count: number, limits: Limits): Promise<CaseWorker[]> {
  const { makeCaseWorker } = await import("./case-worker.ts");
  return Array.from({ length: count }, () => makeCaseWorker(limits));
}
