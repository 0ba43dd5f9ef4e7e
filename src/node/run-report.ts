import { VERSION } from "../version.ts";
import type { CaseResult } from "./prep-case.ts";

/** Cases that are named as the slowest. */
const SLOWEST = 5;

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
  /** One result a case that ended. */
  readonly cases: readonly CaseResult[];
}

/** Counts what became of the cases; `undefined` stands for one that was not begun. */
export function summarise(
  results: readonly (CaseResult | undefined)[],
  workers: number,
  milliseconds: number,
): RunReport {
  const cases = results.filter((one) => one !== undefined);
  const withStatus = (status: CaseResult["status"]) => cases.filter((one) => one.status === status).length;
  return {
    version: VERSION,
    workers,
    milliseconds: Math.round(milliseconds),
    done: withStatus("done"),
    skipped: withStatus("skipped"),
    failed: withStatus("failed"),
    remaining: results.length - cases.length,
    retried: cases.filter(({ attempts = 1 }) => attempts > 1).length,
    failures: tally(cases.flatMap((one) => (one.status === "failed" ? [one.failure.code] : []))),
    stale: tally(cases.flatMap((one) => (one.status === "done" && one.stale !== undefined ? [one.stale] : []))),
    findings: tally(cases.flatMap((one) => (one.status === "failed" ? [] : codesOf(one.manifest.findings)))),
    slowest: cases
      .filter((one) => one.status === "done")
      .sort((a, b) => b.milliseconds - a.milliseconds)
      .slice(0, SLOWEST)
      .map((one) => ({ case: one.case, milliseconds: one.milliseconds })),
    cases,
  };
}

function codesOf(findings: readonly { readonly code: string }[]): string[] {
  return [...new Set(findings.map(({ code }) => code))];
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}
