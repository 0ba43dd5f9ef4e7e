import { tableHeader, tableRow } from "../case/case-table.ts";
import type { RunReport } from "./run-report.ts";
import { writeWholeFile } from "./staging.ts";
import { reportedCases } from "./write-report.ts";

/**
 * Writes a run as comma-separated values: one line for each case, failed ones included, in the order of the inputs.
 * docs/TABLES.md says what each column holds; cells of densities are empty where they were not asked for. The file is there whole or not at all.
 *
 * @param path - file to write; its folder is made if missing
 * @param out - the run's output folder
 * @throws PleuraError `write-failed`
 */
export async function writeCsvTable(path: string, out: string, report: RunReport): Promise<void> {
  async function* lines(): AsyncGenerator<string> {
    yield `${tableHeader()}\n`;
    for await (const one of reportedCases(out, report)) {
      const { case: name, status } = one;
      const rest = one.status === "failed" ? { failure: one.failure.code } : { manifest: one.manifest };
      yield `${tableRow({ case: name, status, ...rest })}\n`;
    }
  }
  await writeWholeFile(path, lines());
}
