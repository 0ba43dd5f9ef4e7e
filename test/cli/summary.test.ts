import { expect, test } from "vitest";
import { summaryLines } from "../../src/cli/summary.ts";
import type { CaseEnd, RunReport } from "../../src/node/run-report.ts";

const REPORT: RunReport = {
  version: "0.1.0",
  workers: 2,
  milliseconds: 10_000,
  done: 3,
  skipped: 1,
  failed: 2,
  remaining: 4,
  retried: 1,
  failures: { "no-dicom": 1, "timed-out": 1 },
  stale: { parameters: 2 },
  findings: { tilt: 2, unsorted: 1 },
  slowest: [
    { case: "a", milliseconds: 4321 },
    { case: "b", milliseconds: 1000 },
  ],
  cases: Array<CaseEnd>(6).fill({ case: "a", status: "done", milliseconds: 1 }),
};

test("the table at the end has causes, findings by code, what was made anew and why, and the slowest", () => {
  expect(summaryLines(REPORT)).toEqual([
    "cases        10 in 10 s, 0.50 cases/s, 2 workers",
    "done         3  (again, because of other parameters 2)",
    "skipped      1",
    "failed       2  (no-dicom 1, timed-out 1)",
    "not begun    4",
    "retried      1",
    "findings     tilt 2, unsorted 1",
    "slowest      a 4.32 s, b 1.00 s",
  ]);
});

test("it leaves out what there is none of", () => {
  const nothing = { ...REPORT, done: 0, failed: 0, remaining: 0, retried: 0, failures: {}, stale: {}, findings: {} };
  expect(summaryLines({ ...nothing, workers: 1, slowest: [] })).toEqual([
    "cases        6 in 10 s, 1 worker",
    "skipped      1",
  ]);
});
