import { join } from "node:path";
import { Command } from "commander";
import { parseService } from "../dicomweb/address.ts";
import type { CaseResult } from "../node/prep-options.ts";
import { addOutputOptions, caseOptions, type OutputFlags } from "./case-flags.ts";
import { printDryRun } from "./dry-run.ts";
import { INTERRUPTED } from "./exit-status.ts";
import { inOrder } from "./in-order.ts";
import { twoStepInterrupt } from "./interrupt.ts";
import { caseEvent, caseLine, findingLines, lookLine, retryLine } from "./lines.ts";
import { fileOf } from "./parse.ts";
import { isForPerson, printLine } from "./print.ts";
import { startProgress } from "./progress.ts";
import { addRunOptions, type RunFlags, runOptions } from "./run-flags.ts";
import { summaryLines } from "./summary.ts";

interface PrepFlags extends OutputFlags, RunFlags {
  readonly report?: string;
  readonly html?: string | true;
  readonly csv?: string;
  readonly store?: string;
  readonly dryRun?: true;
}

/** What is printed of a case when its turn comes. */
interface CaseLines {
  readonly findings: readonly string[];
  readonly line?: string;
}

/** `pleura prep`: every case of some folders, from DICOM to the files a network reads. */
export function prepCommand(): Command {
  const command = new Command("prep")
    .summary("turn chest CTs into model-ready input")
    .description(
      "Turns chest CTs into model-ready input: DICOM series to lung mask to a windowed, masked crop at 1 mm.\n" +
        "A folder that holds DICOM files itself is one case; otherwise each of its sub-folders is one, and each .zip,\n" +
        "NIfTI, MetaImage or NRRD file. A single such file, or a multi-frame .dcm, will do too. With --by study or --by\n" +
        "series, cases are made by the headers, wherever the files lie. What would mix patients or studies is refused.\n" +
        "The address of a study or series in a DICOMweb archive will do too: https://host/dicom-web/studies/<uid>.",
    );
  return addRunOptions(addOutputOptions(command))
    .option("--report <file>", "write one JSON for the whole run")
    .option(
      "--csv <file>",
      "write one line for each case: verdict, volumes and densities of the lungs",
      fileOf("a table", ".csv"),
    )
    .option(
      "--html [file]",
      "write one page with pictures of every case (default: <out>/report.html)",
      fileOf("an HTML page", ".html", ".htm"),
    )
    .option(
      "--store <service>",
      "also send each SEG to a DICOMweb archive, https://host/dicom-web; implies --seg",
      parseService,
    )
    .option("--dry-run", "list the cases, what each would read and what would be refused; write nothing")
    .action(prep);
}

async function prep(inputs: string[], flags: PrepFlags): Promise<void> {
  const { report: reportFile, csv: csvFile, out } = flags;
  const htmlFile = flags.html === true ? join(out, "report.html") : flags.html;
  const files = {
    ...(reportFile && { "--report": reportFile }),
    ...(htmlFile && { "--html": htmlFile }),
    ...(csvFile && { "--csv": csvFile }),
  };
  const common = {
    ...caseOptions(flags),
    out,
    files,
    force: flags.force === true,
    keepFileNames: flags.keepFileNames === true,
    preview: flags.html !== undefined,
    ...(flags.store !== undefined && { seg: true, store: flags.store }),
    density: flags.density === true || csvFile !== undefined,
  };
  if (flags.dryRun) {
    return printDryRun(inputs, { ...common, onNote: (text) => printLine(text, process.stderr) }, flags);
  }
  const progress = startProgress(process.stderr.isTTY === true && process.env["TERM"] !== "dumb" && !flags.quiet);
  const log = (line: string) => progress.above(() => printLine(line, process.stderr));
  const print = (line: string) => progress.above(() => printLine(line));
  const interrupt = twoStepInterrupt(() => log("stopping after the cases in progress; press again to stop now"));
  let inTurn: ((name: string, lines: CaseLines) => void) | undefined;
  try {
    // Commands are loaded when they are run: what is not needed to begin would be waited for.
    const { prepAll } = await import("../node/batch.ts");
    const report = await prepAll(inputs, {
      ...common,
      ...runOptions(flags),
      ...interrupt,
      onNote: (text) => {
        if (!flags.quiet) log(text);
      },
      onLook: (cost) => {
        if (flags.verbose) log(lookLine(cost));
      },
      onStart: (cases) => {
        progress.start(cases.length);
        const names = cases.map((one) => one.name);
        inTurn = inOrder(names, ({ findings, line }) => {
          for (const finding of findings) log(finding);
          if (line !== undefined) print(line);
        });
      },
      onStage: (name, stage) => {
        progress.stage(name, stage);
        if (flags.verbose) log(`${name}: ${stage}`);
      },
      onRetry: (name, death) => log(retryLine(name, death)),
      onCase: (result) => {
        progress.ended(result);
        if (flags.log === "text") inTurn?.(result.case, linesOf(result, flags));
        else if (!flags.quiet || result.status === "failed") print(JSON.stringify(caseEvent(result)));
      },
    });
    progress.stop();
    if (!flags.quiet && report.cases.length + report.remaining > 1) for (const line of summaryLines(report)) log(line);
    if (reportFile !== undefined) {
      const { writeJsonReport } = await import("../node/write-report.ts");
      await writeJsonReport(reportFile, out, report);
    }
    if (csvFile !== undefined) {
      const { writeCsvTable } = await import("../node/write-table.ts");
      await writeCsvTable(csvFile, out, report);
    }
    if (htmlFile !== undefined) {
      const { writeHtmlReport } = await import("../node/html/html-report.ts");
      await writeHtmlReport(htmlFile, out, report);
    }
    if (report.failed > 0) process.exitCode = 1;
    if (interrupt.stop.aborted) process.exitCode = INTERRUPTED;
  } finally {
    progress.stop();
  }
}

function linesOf(result: CaseResult, { quiet }: PrepFlags): CaseLines {
  if (!quiet) return { findings: findingLines(result, isForPerson(process.stderr)), line: lineOf(result) };
  return { findings: [], ...(result.status === "failed" && { line: lineOf(result) }) };
}

function lineOf(result: CaseResult): string {
  return caseLine(result, isForPerson(process.stdout));
}
