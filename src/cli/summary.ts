import { counted } from "../counted.ts";
import type { RunReport } from "../node/run-report.ts";
import { duration } from "./lines.ts";

/** Files of annotations that are named. */
const MOST_FILES = 3;

/** The table at the end of a run, on standard error: a line each for what there is any of. */
export function summaryLines(report: RunReport): string[] {
  const { done, skipped, failed, remaining, retried, failures, stale, findings, slowest, cases } = report;
  const seconds = report.milliseconds / 1000;
  const pace = done + failed === 0 ? "" : `, ${((done + failed) / seconds).toPrecision(2)} cases/s`;
  const workers = counted(report.workers, "worker");
  const rows: [string, string | number][] = [
    ["cases", `${cases.length + remaining} in ${duration(seconds)}${pace}, ${workers}`],
    ["done", withDetails(done, stale, "again, because of other ")],
    ["skipped", skipped],
    ["failed", withDetails(failed, failures)],
    ["not begun", remaining],
    ["retried", retried],
    ["findings", details(findings)],
    ["nodules", noduleText(report.nodules)],
    ["slowest", slowest.map((one) => `${one.case} ${(one.milliseconds / 1000).toFixed(2)} s`).join(", ")],
  ];
  return rows.filter(([, value]) => value !== 0 && value !== "").map(([name, value]) => `${name.padEnd(11)}  ${value}`);
}

/** What became of the annotations. */
function noduleText(nodules: RunReport["nodules"]): string {
  if (nodules === undefined) return "";
  const { kind, keys, used, unused } = nodules;
  const left = unused.map(
    ({ file, keys: count, lines }) => `${count} of ${file} (${lines === "all" ? "" : "lines "}${lines})`,
  );
  const shown = left.slice(0, MOST_FILES).join("; ");
  const more = left.length > MOST_FILES ? ` and ${left.length - MOST_FILES} more files` : "";
  const without = left.length === 0 ? "" : `; no finished case for ${shown}${more}`;
  return `${kind}: ${used} of ${keys} series or cases used${without}`;
}

function withDetails(count: number, parts: Readonly<Record<string, number>>, lead = ""): string | 0 {
  const known = details(parts);
  return count === 0 ? 0 : `${count}${known === "" ? "" : `  (${lead}${known})`}`;
}

function details(parts: Readonly<Record<string, number>>): string {
  return Object.entries(parts)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}
