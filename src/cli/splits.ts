import { Command } from "commander";
import { formatJson } from "../case/format-json.ts";
import { counted } from "../counted.ts";
import { positiveInteger, wholeNumber } from "./parse.ts";
import { printLine, printText } from "./print.ts";

interface SplitFlags {
  readonly folds: number;
  readonly seed: number;
  readonly patients?: string;
  readonly out?: string;
}

/** `pleura splits`: folds for cross-validation, patient by patient. */
export function splitsCommand(): Command {
  return new Command("splits")
    .summary("divide finished cases into folds, patient by patient")
    .description(
      "Divides the finished cases of an output folder into folds for cross-validation so that no patient is in two\n" +
        "of them, and prints them as JSON. The same cases and seed give the same folds. Which cases are of one patient\n" +
        "is told by the headers of the inputs or by a list; without both each case counts as a patient of its own.",
    )
    .argument("<out>", "output folder of prep")
    .argument("[input...]", "what was given to prep")
    .option("--folds <n>", "number of folds", positiveInteger, 5)
    .option("--seed <n>", "another seed gives other folds", wholeNumber, 1)
    .option("--patients <csv>", "whose each case is: case,patient")
    .option("--out <file>", "write to a file (default: standard output)")
    .action(splits);
}

async function splits(folder: string, inputs: string[], { out, ...options }: SplitFlags): Promise<void> {
  const { makeSplits } = await import("../node/make-splits.ts");
  const made = await makeSplits(folder, { ...options, inputs });
  if (out === undefined) printText(formatJson(made));
  else await (await import("../node/staging.ts")).writeWholeFile(out, formatJson(made));
  const whose = made.patientsFrom === "none" ? "; each case was taken for a patient of its own" : "";
  const counts = `${counted(made.cases, "case")} of ${counted(made.patients, "patient")}`;
  printLine(`${counts} in ${made.folds.length} folds${whose}`, process.stderr);
}
