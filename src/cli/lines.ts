import type { CaseResult } from "../node/prep-case.ts";

/** The one line that a case has on standard output: name, outcome, seconds, and what to know. */
export function caseLine(result: CaseResult): string {
  const head = `${result.case}  ${result.status}`;
  if (result.status === "failed") return `${head}  ${result.failure.message.replace(/\s+/g, " ")}`;
  const { lungs, geometry, warnings } = result.manifest;
  const found = `lungs ${Math.round(lungs.totalMl)} mL, clean ${[1, ...geometry.shape].join(" × ")}`;
  if (result.status === "skipped") return `${head}  ${found}`;
  const warned = warnings.length === 0 ? "" : `, ${warnings.length} warning${warnings.length === 1 ? "" : "s"}`;
  return `${head}  ${(result.milliseconds / 1000).toFixed(2)} s, ${found}${warned}`;
}
