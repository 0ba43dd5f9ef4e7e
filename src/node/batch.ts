import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { invalidOption, type Stage } from "../errors.ts";
import { VERSION } from "../version.ts";
import { type CaseFolder, findCases } from "./cases.ts";
import type { CaseResult, PrepCaseOptions } from "./prep-case.ts";
import { makeStagingFolder } from "./staging.ts";

/** Options of {@link prepAll}: those of a single case, and the run's own. */
export interface PrepAllOptions extends Omit<PrepCaseOptions, "name" | "scratch" | "decodeThreads" | "onStage"> {
  /** Number of processes; default: the number of cores. */
  readonly workers?: number;
  /** Make a case of every series of a folder, see `splitBySeries`. Default false. */
  readonly allSeries?: boolean;
  /** Called once, when the cases are known and before the first begins. */
  readonly onStart?: (cases: readonly CaseFolder[]) => void;
  /** Called when a case enters a stage. */
  readonly onStage?: (name: string, stage: Stage) => void;
  /** Called when a case has ended, in the order in which they end. */
  readonly onCase?: (result: CaseResult) => void;
}

/** What a run did; the cases in the order of the inputs, whatever the number of workers. */
export interface RunReport {
  /** Version of pleura. */
  readonly version: string;
  /** Number of processes that worked. */
  readonly workers: number;
  /** Duration of the whole run. */
  readonly milliseconds: number;
  /** Number of cases that were computed. */
  readonly done: number;
  /** Number of cases that were finished before. */
  readonly skipped: number;
  /** Number of cases that failed. */
  readonly failed: number;
  /** One result a case. */
  readonly cases: readonly CaseResult[];
}

/**
 * Prepares every case of one or more folders in parallel processes, skipping what is done.
 *
 * A case that fails, or whose process dies, is reported and costs no other case. A single case
 * runs in the calling process, where there is nothing else that it could take along, and has as many
 * threads for its compressed frames as there would be processes.
 *
 * @param inputs - folders as {@link findCases} understands them
 * @param options - output folder, workers, options of the single cases
 * @throws PleuraError `not-found` or `invalid-option` for unusable inputs, `write-failed` when the
 * output folder cannot be written, `aborted` after the signal; failures of cases are results
 *
 * @example
 * const report = await prepAll(["scans"], { out: "prepared" });
 * for (const one of report.cases) if (one.status === "failed") console.error(one.failure.message);
 */
export async function prepAll(inputs: readonly string[], options: PrepAllOptions): Promise<RunReport> {
  const began = performance.now();
  const { workers: wanted = availableParallelism(), allSeries = false, ...others } = options;
  const { signal, onStart, onStage, onCase, ...rest } = others;
  if (!Number.isInteger(wanted) || wanted < 1) throw invalidOption("workers", "a positive integer", wanted);
  const out = resolve(options.out);
  if (allSeries && rest.series !== undefined)
    throw invalidOption("series", "no series together with allSeries", rest.series);
  const found = await findCases(inputs, out);
  // What a run does not need is not loaded: a case takes a second, and loading all a tenth of it.
  const cases = allSeries ? await (await import("./series-cases.ts")).splitBySeries(found, signal) : found;
  const workers = Math.max(1, Math.min(wanted, cases.length));
  const pool = cases.length > 1 ? (await import("./case-pool.ts")).startCasePool(workers) : undefined;
  const staging = await makeStagingFolder(out);
  const end = () => void pool?.end();
  signal?.addEventListener("abort", end, { once: true });
  try {
    onStart?.(cases);
    const results = await Promise.all(
      cases.map(async (one) => {
        const forCase = { ...rest, out, scratch: staging, ...named(one) };
        const report = (stage: Stage) => onStage?.(one.name, stage);
        const result = pool
          ? await pool.run(one, forCase, report)
          : await (await import("./prep-case.ts")).prepCase(one.folder, {
              ...forCase,
              onStage: report,
              decodeThreads: wanted,
              ...(signal && { signal }),
            });
        onCase?.(result);
        return result;
      }),
    );
    return summarise(results, workers, performance.now() - began);
  } finally {
    signal?.removeEventListener("abort", end);
    await pool?.end();
    await rm(staging, { recursive: true, force: true });
  }
}

function named({ name, series }: CaseFolder): Pick<PrepCaseOptions, "name" | "series"> {
  return series === undefined ? { name } : { name, series };
}

function summarise(cases: readonly CaseResult[], workers: number, milliseconds: number): RunReport {
  const count = (status: CaseResult["status"]) => cases.filter((one) => one.status === status).length;
  return {
    version: VERSION,
    workers,
    milliseconds: Math.round(milliseconds),
    done: count("done"),
    skipped: count("skipped"),
    failed: count("failed"),
    cases,
  };
}
