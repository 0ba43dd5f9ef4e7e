import { type Command, Option } from "commander";
import type { GroupBy } from "../node/cases/plan-cases.ts";
import type { StatusOptions } from "../node/folder-status.ts";
import type { Shard } from "../node/shard.ts";
import { shard } from "./parse.ts";

/** The options that decide which cases there are and what makes one done. */
export interface CaseFlags {
  readonly profile: "grt123";
  readonly by: GroupBy;
  readonly names?: string;
  readonly series?: string;
  readonly allSeries?: true;
  readonly fillGaps?: true;
  readonly allowDamaged?: true;
  readonly stages?: true;
  readonly verify?: true;
  readonly shard?: Shard;
}

/** Gives a command the options behind {@link CaseFlags}. */
export function addCaseOptions(command: Command): Command {
  return command
    .addOption(new Option("--profile <name>", "whose numbers to reproduce").choices(["grt123"]).default("grt123"))
    .addOption(
      new Option("--by <what>", "make a case of each folder or file, study, or series, by the headers' UIDs")
        .choices(["folder", "study", "series"])
        .default("folder"),
    )
    .option("--names <file>", "name cases by a list: lines of name,key, where a key is a folder, file or UID")
    .addOption(new Option("--series <uid or number>", "the series to read").conflicts("allSeries"))
    .option("--all-series", "make a case of every axial series: <case>_<series number>")
    .option("--fill-gaps", "interpolate missing slices (default: refuse the series)")
    .option("--allow-damaged", "read what is left of a series with damaged or missing files (default: refuse it)")
    .option("--stages", "also keep every stage's mask")
    .option("--shard <i/n>", "only part i of n of the cases, by their names", shard)
    .option("--verify", "tell by hashes of all bytes, not by names, sizes and times, what is done");
}

/** What of a command names cases and where their results go. */
export interface OutputFlags extends CaseFlags {
  readonly out: string;
  readonly force?: true;
  readonly keepFileNames?: true;
}

/** Gives a command the inputs, and the options behind {@link OutputFlags}. */
export function addOutputOptions(command: Command): Command {
  command
    .argument("<input...>", "a folder of cases, one case folder, or one file")
    .requiredOption("--out <dir>", "folder for the results");
  return addCaseOptions(command)
    .option("--force", "do again what is already done (default: skip finished cases)")
    .option("--keep-file-names", "name files of the input in all that is written (default: by their place)");
}

/** The options of the batch that the flags stand for. */
export function caseOptions(flags: CaseFlags): StatusOptions {
  return {
    profile: flags.profile,
    by: flags.by,
    ...(flags.names !== undefined && { names: flags.names }),
    ...(flags.series !== undefined && { series: flags.series }),
    ...(flags.shard !== undefined && { shard: flags.shard }),
    allSeries: flags.allSeries === true,
    fillGaps: flags.fillGaps === true,
    allowDamaged: flags.allowDamaged === true,
    stages: flags.stages === true,
    verify: flags.verify === true,
  };
}
