import { join } from "node:path";
import { Command, Option } from "commander";
import { formatJson } from "../case/format-json.ts";
import { prepAll } from "../node/batch.ts";
import { writeWholeFile } from "../node/staging.ts";
import { inOrder } from "./in-order.ts";
import { caseLine, findingLines } from "./lines.ts";
import { positiveInteger } from "./parse.ts";
import { startProgress } from "./progress.ts";

interface PrepFlags {
  readonly out: string;
  readonly workers?: number;
  readonly force?: true;
  readonly profile: "grt123";
  readonly series?: string;
  readonly allSeries?: true;
  readonly fillGaps?: true;
  readonly stages?: true;
  readonly report?: string;
  readonly html?: string | true;
  readonly quiet?: true;
  readonly verbose?: true;
}

/** `pleura prep`: every case of some folders, from DICOM to the files a network reads. */
export function prepCommand(): Command {
  return new Command("prep")
    .summary("turn chest CTs into model-ready input")
    .description(
      "Turns chest CTs into model-ready input: DICOM series to lung mask to a windowed, masked crop at 1 mm.\n" +
        "A folder that holds DICOM files itself is one case; otherwise each of its sub-folders is one, and each\n" +
        "NIfTI, MetaImage or NRRD file. A single such file, or a .zip, will do too.",
    )
    .argument("<input...>", "a folder of cases, one case folder, or one file")
    .requiredOption("--out <dir>", "folder for the results")
    .option("--workers <n>", "number of processes (default: the number of cores)", positiveInteger)
    .option("--force", "do again what is already done (default: skip finished cases)")
    .addOption(new Option("--profile <name>", "whose numbers to reproduce").choices(["grt123"]).default("grt123"))
    .addOption(new Option("--series <uid or number>", "the series to read").conflicts("allSeries"))
    .option("--all-series", "make a case of every axial series: <case>_<series number>")
    .option("--fill-gaps", "interpolate missing slices (default: refuse the series)")
    .option("--stages", "also keep every stage's mask")
    .option("--report <file>", "write one JSON for the whole run")
    .option("--html [file]", "write one page with pictures of every case (default: <out>/report.html)")
    .addOption(new Option("--quiet", "print failed cases only, and no findings").conflicts("verbose"))
    .option("--verbose", "also print stages, on standard error")
    .action(prep);
}

async function prep(inputs: string[], flags: PrepFlags): Promise<void> {
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interrupt.abort(name));
  const progress = await startProgress(process.stderr.isTTY === true && !flags.quiet);
  const log = (line: string) => progress.above(() => process.stderr.write(`${line}\n`));
  let ordered: ReturnType<typeof inOrder> | undefined;
  try {
    const report = await prepAll(inputs, {
      out: flags.out,
      ...(flags.workers !== undefined && { workers: flags.workers }),
      profile: flags.profile,
      ...(flags.series !== undefined && { series: flags.series }),
      allSeries: flags.allSeries === true,
      fillGaps: flags.fillGaps === true,
      force: flags.force === true,
      stages: flags.stages === true,
      preview: flags.html !== undefined,
      signal: interrupt.signal,
      onStart: (cases) => {
        progress.start(cases.length);
        ordered = inOrder(
          cases.map((one) => one.name),
          (result) => {
            if (flags.quiet && result.status !== "failed") return;
            if (!flags.quiet) for (const line of findingLines(result)) log(line);
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
        ordered?.(result);
      },
    });
    if (flags.report !== undefined) await writeWholeFile(flags.report, formatJson(report));
    if (flags.html !== undefined) {
      const { writeHtmlReport } = await import("../node/html/html-report.ts");
      await writeHtmlReport(flags.html === true ? join(flags.out, "report.html") : flags.html, flags.out, report);
    }
    if (report.failed > 0) process.exitCode = 1;
  } finally {
    progress.stop();
  }
}
