import { availableParallelism } from "node:os";
import { Command, Option } from "commander";
import { writeTextFile } from "../node/staging.ts";
import { prepAll } from "../node/batch.ts";
import { caseLine } from "./lines.ts";
import { inOrder } from "./in-order.ts";
import { positiveInteger } from "./parse.ts";
import { startProgress } from "./progress.ts";

interface PrepFlags {
  readonly out: string;
  readonly workers: number;
  readonly force?: true;
  readonly profile: "grt123";
  readonly stages?: true;
  readonly report?: string;
  readonly quiet?: true;
  readonly verbose?: true;
}

/** `pleura prep`: every case of some folders, from DICOM to the files a network reads. */
export function prepCommand(): Command {
  return new Command("prep")
    .summary("turn chest CTs into model-ready input")
    .description(
      "Turns chest CTs into model-ready input: DICOM series to lung mask to a windowed, masked crop at 1 mm.\n" +
        "A folder that holds DICOM files itself is one case; otherwise each of its sub-folders is one.",
    )
    .argument("<input...>", "a folder of cases, one case folder, or one series")
    .requiredOption("--out <dir>", "folder for the results")
    .option("--workers <n>", "number of processes (default: the number of cores)", positiveInteger, availableParallelism())
    .option("--force", "do again what is already done (default: skip finished cases)")
    .addOption(new Option("--profile <name>", "whose numbers to reproduce").choices(["grt123"]).default("grt123"))
    .option("--stages", "also keep every stage's mask")
    .option("--report <file>", "write one JSON for the whole run")
    .addOption(new Option("--quiet", "print failed cases only").conflicts("verbose"))
    .option("--verbose", "also print stages and warnings, on standard error")
    .action(prep);
}

async function prep(inputs: string[], flags: PrepFlags): Promise<void> {
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interrupt.abort(name));
  const progress = startProgress(process.stderr.isTTY === true && !flags.quiet);
  const log = (line: string) => progress.above(() => process.stderr.write(`${line}\n`));
  let ordered: ReturnType<typeof inOrder> | undefined;
  try {
    const report = await prepAll(inputs, {
      out: flags.out,
      workers: flags.workers,
      profile: flags.profile,
      force: flags.force === true,
      stages: flags.stages === true,
      signal: interrupt.signal,
      onStart: (cases) => {
        progress.start(cases.length);
        ordered = inOrder(
          cases.map((one) => one.name),
          (result) => {
            if (flags.quiet && result.status !== "failed") return;
            progress.above(() => process.stdout.write(`${caseLine(result)}\n`));
          },
        );
      },
      onStage: (name, stage) => {
        progress.stage(name, stage);
        if (flags.verbose) log(`${name}: ${stage}`);
      },
      onCase: (result) => {
        progress.ended(result);
        if (flags.verbose && result.status === "done") {
          for (const warning of result.manifest.warnings) log(`${result.case}: ${warning.message}`);
        }
        ordered?.(result);
      },
    });
    if (flags.report !== undefined) await writeTextFile(flags.report, `${JSON.stringify(report, null, 2)}\n`);
    if (report.failed > 0) process.exitCode = 1;
  } finally {
    progress.stop();
  }
}
