import { VERSION } from "../version.ts";
import type { AnnotationReport } from "./given/annotation-tally.ts";
import type { CaseResult } from "./prep-options.ts";

/** Cases that are named as the slowest. */
const SLOWEST = 5;

/** How a case ended; the manifest of one that did not fail lies in the output folder. */
export type CaseEnd =
  | Omit<Extract<CaseResult, { status: "done" | "skipped" }>, "manifest" | "shown">
  | Omit<Extract<CaseResult, { status: "failed" }>, "shown">;

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
  /** Number of cases that were not begun, because the run was stopped. */
  readonly remaining: number;
  /** Number of cases whose first process died. */
  readonly retried: number;
  /** Number of failures by code. */
  readonly failures: Readonly<Record<string, number>>;
  /** Number of cases that had an earlier result which did not stand, by why it did not. */
  readonly stale: Readonly<Record<string, number>>;
  /** Number of cases that have a finding, by its code. */
  readonly findings: Readonly<Record<string, number>>;
  /** The computed cases that took longest, longest first. */
  readonly slowest: readonly { readonly case: string; readonly milliseconds: number }[];
  /** What became of the annotations, when they were given. */
  readonly nodules?: AnnotationReport;
  /** One for each case that ended; `reportedCases` adds the manifests. */
  readonly cases: readonly CaseEnd[];
}

/**
 * Takes results while they come and keeps of each what a report needs. Manifests go: those of a
 * hundred thousand cases are hundreds of megabytes.
 */
export class RunTally {
  private readonly findings = new Map<string, number>();

  /** Counts a result and strips it. */
  take(result: CaseResult): CaseEnd {
    if (result.status === "failed") {
      const { shown: _, ...end } = result;
      return end;
    }
    const { manifest, shown: _, ...end } = result;
    for (const code of new Set(manifest.findings.map(({ code }) => code))) {
      this.findings.set(code, (this.findings.get(code) ?? 0) + 1);
    }
    return end;
  }

  /** The report on what was taken; `undefined` stands for a case that was not begun. */
  report(ends: readonly (CaseEnd | undefined)[], workers: number, milliseconds: number): RunReport {
    return summarise(ends, byCount(this.findings), workers, milliseconds);
  }
}

function summarise(
  ends: readonly (CaseEnd | undefined)[],
  findings: Record<string, number>,
  workers: number,
  milliseconds: number,
): RunReport {
  const cases = ends.filter((one) => one !== undefined);
  const withStatus = (status: CaseEnd["status"]) => cases.filter((one) => one.status === status).length;
  return {
    version: VERSION,
    workers,
    milliseconds: Math.round(milliseconds),
    done: withStatus("done"),
    skipped: withStatus("skipped"),
    failed: withStatus("failed"),
    remaining: ends.length - cases.length,
    retried: cases.filter(({ attempts = 1 }) => attempts > 1).length,
    failures: tally(cases.flatMap((one) => (one.status === "failed" ? [one.failure.code] : []))),
    stale: tally(cases.flatMap((one) => (one.status === "done" && one.stale !== undefined ? [one.stale] : []))),
    findings,
    slowest: cases
      .filter((one) => one.status === "done")
      .sort((a, b) => b.milliseconds - a.milliseconds)
      .slice(0, SLOWEST)
      .map((one) => ({ case: one.case, milliseconds: one.milliseconds })),
    cases,
  };
}

function tally(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return byCount(counts);
}

function byCount(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}
