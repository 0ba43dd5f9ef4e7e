import { Command } from "commander";
import { formatJson } from "../case/format-json.ts";
import type { CaseStatus } from "../node/folder-status.ts";
import { addCaseOptions, type CaseFlags, caseOptions } from "./case-flags.ts";
import { FAILED } from "./exit-status.ts";
import { failureText } from "./lines.ts";
import { printable, printLine, printText } from "./print.ts";

interface StatusFlags extends CaseFlags {
  readonly json?: true;
}

/** `pleura status`: what of an output folder is done. */
export function statusCommand(): Command {
  const command = new Command("status")
    .summary("tell which cases are done, stale, failed or missing")
    .description(
      "Tells of each case whether it is done, stale (of another input or other parameters than now), failed when\n" +
        "it was tried last, or missing. Without inputs: of the cases that left something in the folder. Give the same\n" +
        "options as to prep. The exit status is 0 when all cases are done and 1 otherwise.",
    )
    .argument("<dir>", "folder with the results")
    .argument("[input...]", "what was, or is to be, given to prep");
  return addCaseOptions(command).option("--json", "print JSON instead").action(status);
}

async function status(folder: string, inputs: string[], { json, ...flags }: StatusFlags): Promise<void> {
  const { folderStatus } = await import("../node/folder-status.ts");
  const statuses = await folderStatus(folder, inputs, {
    ...caseOptions(flags),
    onNote: (text) => printLine(text, process.stderr),
  });
  printText(json ? formatJson(statuses) : lines(statuses));
  if (statuses.some((one) => one.status !== "done")) process.exitCode = FAILED;
}

/** A line for each case that is not done, and the counts. */
function lines(statuses: readonly CaseStatus[]): string {
  const counts = { done: 0, stale: 0, failed: 0, missing: 0 };
  let text = "";
  for (const one of statuses) {
    counts[one.status]++;
    if (one.status !== "done") text += `${printable(`${one.case}  ${one.status}${reason(one)}`)}\n`;
  }
  const summary = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return `${text}${summary.join(", ")}\n`;
}

function reason(one: CaseStatus): string {
  if (one.status === "stale") return one.why === "manifest" ? "  its manifest cannot be read" : `  other ${one.why}`;
  return one.status === "failed" ? `  ${failureText(one.failure)}` : "";
}
