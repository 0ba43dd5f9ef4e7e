import { formatJson } from "../case/format-json.ts";
import { PleuraError } from "../errors.ts";
import { toFailure } from "./failure.ts";
import { readManifest } from "./manifest.ts";
import type { CaseResult } from "./prep-options.ts";
import type { CaseEnd, RunReport } from "./run-report.ts";
import { writeWholeFile } from "./staging.ts";

/**
 * The cases of a run with their manifests, which are read back one at a time.
 *
 * @param out - the run's output folder
 * @returns in the order of the report; a case whose result has gone meanwhile has failed: `not-found`
 */
export async function* reportedCases(out: string, report: RunReport): AsyncGenerator<CaseResult> {
  for (const end of report.cases) yield end.status === "failed" ? end : await withManifest(out, end);
}

/**
 * Writes a run as JSON: the report, each case with its manifest. It is there whole or not at all,
 * and never in memory as a whole.
 *
 * @param path - file to write; its folder is made if missing
 * @param out - the run's output folder
 * @throws PleuraError `write-failed`
 */
export async function writeJsonReport(path: string, out: string, report: RunReport): Promise<void> {
  await writeWholeFile(path, reportParts(out, report));
}

async function withManifest(out: string, end: Exclude<CaseEnd, { status: "failed" }>): Promise<CaseResult> {
  const manifest = await readManifest(out, end.case);
  if (manifest !== undefined) return { ...end, manifest };
  const gone = new PleuraError("not-found", "the result was removed before the report was written", {
    stage: "write",
    hint: "Another run with other parameters works on the same folder",
  });
  return { case: end.case, status: "failed", milliseconds: end.milliseconds, failure: toFailure(gone, "write") };
}

/** The text that {@link formatJson} gives of the whole. */
async function* reportParts(out: string, { cases, ...totals }: RunReport): AsyncGenerator<string> {
  yield formatJson({ ...totals, cases: [] }).replace(/\]\n}\n$/, "");
  let separator = "\n";
  for await (const result of reportedCases(out, { ...totals, cases })) {
    yield separator + formatJson(result).trimEnd().replace(/^/gm, "    ");
    separator = ",\n";
  }
  yield cases.length === 0 ? "]\n}\n" : "\n  ]\n}\n";
}
