import { counted } from "../counted.ts";
import type { PrepAllOptions } from "../node/batch.ts";
import type { PlannedCase } from "../node/dry-run.ts";
import { FAILED } from "./exit-status.ts";
import { failureText } from "./lines.ts";
import { isForPerson, printLine } from "./print.ts";

/** `prep --dry-run`: a line, or an object, for each case, and the counts on standard error. */
export async function printDryRun(
  inputs: readonly string[],
  options: PrepAllOptions,
  { log, quiet = false }: { readonly log: "text" | "json"; readonly quiet?: boolean },
): Promise<void> {
  const { dryRun } = await import("../node/dry-run.ts");
  const isNamed = options.keepFileNames === true || isForPerson(process.stdout);
  const counts = { prepare: 0, skip: 0, refuse: 0 };
  for await (const planned of dryRun(inputs, options)) {
    counts[planned.status]++;
    if (quiet && planned.status !== "refuse") continue;
    printLine(log === "json" ? plannedEvent(planned) : plannedLine(planned, isNamed));
  }
  if (!quiet) {
    printLine(
      `dry run: ${counts.prepare} to prepare, ${counts.skip} done already, ${counts.refuse} refused; nothing was written`,
      process.stderr,
    );
  }
  if (counts.refuse > 0) process.exitCode = FAILED;
}

function plannedEvent(planned: PlannedCase): string {
  return JSON.stringify(planned, (key, value) => (key === "shown" ? undefined : value));
}

function plannedLine(planned: PlannedCase, isNamed: boolean): string {
  const head = `${planned.case}  ${WORDS[planned.status]}`;
  if (planned.status === "refuse")
    return `${head}  ${failureText(planned.failure, isNamed ? planned.shown : undefined)}`;
  const { files, bytes, copyOf, input } = planned;
  const size = `${counted(files, "file")}, ${(bytes / 1e6).toFixed(1)} MB`;
  const { folder, parts = [folder] } = input;
  const where = parts.length === 1 ? `in ${parts[0]}` : `in ${parts.length} places below ${folder}`;
  return `${head}  ${size}, ${where}${copyOf === undefined ? "" : `, a copy of ${copyOf}`}`;
}

const WORDS: Readonly<Record<PlannedCase["status"], string>> = {
  prepare: "would be prepared",
  skip: "would be skipped",
  refuse: "would be refused",
};
