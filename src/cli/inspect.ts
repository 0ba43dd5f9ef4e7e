import { Command } from "commander";
import { type FileNamer, keepNames } from "../case/file-labels.ts";
import { findingText, writtenFinding } from "../case/finding-text.ts";
import { formatJson } from "../case/format-json.ts";
import type { Inspection, StackReport } from "../node/inspect-series.ts";
import { isForPerson, printLine, printText } from "./print.ts";

/** `pleura inspect`: what lies in a folder, told from the headers alone. */
export function inspectCommand(): Command {
  return new Command("inspect")
    .summary("list the stacks of CT images in a folder")
    .description(
      "Lists every stack of CT images in a folder, its sub-folders and archives: a line each with its geometry and\n" +
        "what is odd about it. Reads headers only, so what only pixels can show is found when the stack is read.\n" +
        "The exit status is 1 when there is no stack.",
    )
    .argument("<path>", "a folder, a .zip, or a single file")
    .option("--json", "print everything as JSON instead")
    .option("--keep-file-names", "give the names of files and the series UIDs in JSON too")
    .action(inspect);
}

interface InspectFlags {
  readonly json?: true;
  readonly keepFileNames?: true;
}

async function inspect(path: string, { json, keepFileNames }: InspectFlags): Promise<void> {
  const { inspectSeries } = await import("../node/inspect-series.ts");
  const inspection = await inspectSeries(path);
  const isNamed = keepFileNames === true || (!json && isForPerson(process.stdout));
  if (json) printText(formatJson(isNamed ? await plain(inspection, keepNames) : await written(inspection, path)));
  else for (const line of lines(inspection, isNamed)) printLine(line);
  if (inspection.stacks.length === 0) process.exitCode = 1;
}

async function plain({ stacks, skipped }: Inspection, namer: FileNamer) {
  const { toFailure } = await import("../node/failure.ts");
  return {
    stacks: stacks.map(({ error, findings, ...stack }) => ({
      ...stack,
      findings: findings.map((finding) => writtenFinding(finding, namer)),
      ...(error !== undefined && { failure: toFailure(error, "read", namer) }),
    })),
    skipped: skipped.map(({ file, reason }) => ({ file: namer.file(file), reason })),
  };
}

/** The same with labels in place of names, and without UIDs but those of DICOM itself. */
async function written(inspection: Inspection, path: string): Promise<object> {
  const { makeFileNamer } = await import("../node/file-namer.ts");
  const { isStandardSyntax } = await import("../node/inspect-series.ts");
  const { stacks, skipped } = inspection;
  const files = [
    ...skipped.map(({ file }) => file),
    ...stacks.flatMap(({ findings, error }) =>
      [...findings.flatMap((one) => one.files ?? []), error?.file ?? []].flat(),
    ),
  ];
  const all = await plain(inspection, await makeFileNamer(path, undefined, files));
  return {
    ...all,
    stacks: all.stacks.map(({ seriesUid: _, syntaxes, ...stack }) => ({
      ...stack,
      syntaxes: syntaxes.map((uid) => (isStandardSyntax(uid) ? uid : "unknown")),
    })),
  };
}

function lines({ stacks, skipped }: Inspection, isNamed: boolean): string[] {
  const text = stacks.map((stack) => stackLine(stack, isNamed));
  if (stacks.length === 0) text.push("no CT images");
  if (skipped.length > 0) text.push(`left aside  ${countReasons(skipped)}`);
  return text;
}

/** Series, plane, number of images, grid, whether it is read by default, and the findings. */
function stackLine(stack: StackReport, isNamed: boolean): string {
  const { seriesNumber, seriesUid, plane, localizer, derived, images, shape, spacing, chosen, findings, error } = stack;
  const parts = [
    `series ${seriesNumber ?? (isNamed ? seriesUid : "without a number")}`,
    localizer ? "localizer" : `${derived ? "derived " : ""}${plane}`,
    `${images} image${images === 1 ? "" : "s"}`,
  ];
  if (shape !== undefined) parts.push(shape.join(" × "));
  if (spacing !== undefined) parts.push(`${spacing.map((mm) => mm.toFixed(3)).join(" × ")} mm`);
  if (chosen) parts.push("read by default");
  if (error !== undefined) parts.push(`no volume: ${error.code}`);
  for (const finding of findings) parts.push(findingText(finding));
  return parts.join("  ");
}

function countReasons(skipped: Inspection["skipped"]): string {
  const counts = new Map<string, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} ${reason}`).join(", ");
}
