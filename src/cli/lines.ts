import { findingLine } from "../case/finding-text.ts";
import { counted } from "../counted.ts";
import type { PleuraError } from "../errors.ts";
import type { LookCost } from "../node/cases/case-options.ts";
import type { CaseFailure } from "../node/failure.ts";
import type { CaseResult } from "../node/prep-options.ts";

/**
 * The one line that a case has on standard output: name, outcome, seconds, and what to know.
 *
 * @param named - with names of files, for the person at the terminal
 */
export function caseLine(result: CaseResult, named = false): string {
  const head = `${result.case}  ${result.status}`;
  if (result.status === "failed") return `${head}  ${failureText(result.failure, named ? result.shown : undefined)}`;
  const { lungs, geometry, findings, quality } = result.manifest;
  const verdict = quality === undefined || quality.verdict === "good" ? "" : ` (${quality.verdict})`;
  const found = `lungs ${Math.round(lungs.totalMl)} mL${verdict}, clean ${[1, ...geometry.shape].join(" × ")}`;
  if (result.status === "skipped") return `${head}  ${found}`;
  const odd = findings.length === 0 ? "" : `, ${counted(findings.length, "finding")}`;
  return `${head}  ${(result.milliseconds / 1000).toFixed(2)} s, ${found}${odd}`;
}

/** The object that a case has on standard output with `--log json`, in the order in which cases end. */
export function caseEvent(result: CaseResult): object {
  const { case: name, status, milliseconds, attempts } = result;
  const head = { time: new Date().toISOString(), case: name, status, milliseconds, ...(attempts && { attempts }) };
  if (result.status === "failed") return { ...head, failure: result.failure };
  const { lungs, geometry, findings, quality } = result.manifest;
  return { ...head, ...(result.stale && { stale: result.stale }), lungs, quality, shape: geometry.shape, findings };
}

/**
 * A failure on one line.
 *
 * @param shown - the message with names of files, where it is known
 */
export function failureText({ message }: CaseFailure, shown = message): string {
  return shown.replace(/\s+/g, " ");
}

/** The line on standard error for a case whose process died and that has a second try. */
export function retryLine(name: string, death: PleuraError): string {
  return `${name}: retrying in a new process after ${death.message}`;
}

/** The line that says what the look at the headers of all inputs took. */
export function lookLine({ folders, headers, cached, milliseconds }: LookCost): string {
  const apiece = folders === 0 ? 0 : (milliseconds / folders) * 1000;
  return (
    `looked at ${folders} folders and archives in ${Math.round(milliseconds)} ms (${Math.round(apiece)} ms per 1,000): ` +
    `${headers} headers read, ${cached} known from before`
  );
}

/** Seconds for people: `48 s`, `12 min`, `3.5 h`. */
export function duration(seconds: number): string {
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  return seconds < 5970 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/**
 * The lines on standard error that say what was odd about a case that was computed.
 *
 * @param named - with names of files, for the person at the terminal
 */
export function findingLines(result: CaseResult, named = false): string[] {
  if (result.status !== "done") return [];
  const lines = (named ? result.shown : undefined) ?? result.manifest.findings.map(findingLine);
  const { reasons = [], verdict } = result.manifest.quality ?? {};
  const doubts = reasons.map(({ code, text, limit, unit }) => `${verdict} ${code} (limit ${limit} ${unit}): ${text}`);
  return [...lines, ...doubts].map((line) => `${result.case}: ${line}`);
}
