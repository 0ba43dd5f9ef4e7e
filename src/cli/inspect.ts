import { Command } from "commander";
import { formatJson } from "../case/format-json.ts";
import { counted } from "../counted.ts";
import type { PleuraError } from "../errors.ts";
import type { ImageReport, Inspection, StackReport } from "../node/inspect-series.ts";
import { findingText } from "./lines.ts";

/** `pleura inspect`: what lies in a folder, told from the headers alone. */
export function inspectCommand(): Command {
  return new Command("inspect")
    .summary("list the scans in a folder")
    .description(
      "Lists every stack of CT images in a folder, its sub-folders and archives, and every NIfTI, MetaImage and NRRD\n" +
        "file: a line each with its folder, its geometry and what is odd about it. Of DICOM it reads headers only, so\n" +
        "what only pixels can show is found when the stack is read. The exit status is 1 when there is no scan.",
    )
    .argument("<path>", "a folder, a .zip, or a single file")
    .option("--json", "print everything as JSON instead")
    .action(inspect);
}

async function inspect(path: string, { json }: { readonly json?: true }): Promise<void> {
  const { inspectSeries } = await import("../node/inspect-series.ts");
  const inspection = await inspectSeries(path);
  process.stdout.write(json ? formatJson(await plain(inspection)) : await lines(inspection));
  if (inspection.stacks.length + inspection.images.length === 0) process.exitCode = 1;
}

async function plain({ stacks, ambiguous, images, skipped }: Inspection): Promise<object> {
  const { toFailure } = await import("../node/failure.ts");
  const plainly = <Report extends { readonly error: PleuraError | undefined }>({ error, ...report }: Report) => ({
    ...report,
    ...(error !== undefined && { failure: toFailure(error, "read") }),
  });
  return {
    stacks: stacks.map(plainly),
    ...(ambiguous !== undefined && { ambiguous: toFailure(ambiguous, "read") }),
    images: images.map(plainly),
    skipped,
  };
}

async function lines({ stacks, ambiguous, images, skipped }: Inspection): Promise<string> {
  const studies = [...new Set(stacks.map(({ studyUid }) => studyUid ?? ""))];
  const patients = new Set(stacks.map(({ patient }) => patient));
  const { keyName, uidKey } = await import("../node/cases/case-input.ts");
  const groupOf = ({ patient, studyUid }: StackReport): string[] => [
    ...(patients.size > 1 ? [patient === undefined ? "no patient" : `patient ${patient}`] : []),
    ...(studies.length > 1 && studyUid !== undefined ? [keyName({ by: "study", key: uidKey(studyUid) })] : []),
  ];
  const text = stacks.map((stack) => stackLine(stack, groupOf(stack)));
  text.push(...images.map(imageLine));
  if (stacks.length + images.length === 0) text.push("no CT images");
  if (ambiguous !== undefined) text.push(`not one case  ${ambiguous.message}`);
  if (skipped.length > 0) text.push(`left aside  ${countReasons(skipped)}`);
  return text.map((line) => `${line}\n`).join("");
}

/** Series, plane, number of images, grid, folders, whether it is read by default, and the findings. */
function stackLine(stack: StackReport, group: readonly string[]): string {
  const {
    seriesNumber,
    seriesUid,
    plane,
    localizer,
    derived,
    images,
    shape,
    spacing,
    folders,
    chosen,
    findings,
    error,
  } = stack;
  const parts = [
    `series ${seriesNumber ?? seriesUid}`,
    localizer ? "localizer" : `${derived ? "derived " : ""}${plane}`,
    counted(images, "image"),
  ];
  if (shape !== undefined) parts.push(shape.join(" × "));
  if (spacing !== undefined) parts.push(`${spacing.map((mm) => mm.toFixed(3)).join(" × ")} mm`);
  if (folders.some((folder) => folder !== ".")) parts.push(`in ${foldersText(folders)}`);
  parts.push(...group);
  if (chosen) parts.push("read by default");
  if (error !== undefined) parts.push(`no volume: ${error.code}`);
  for (const finding of findings) parts.push(findingText(finding));
  return parts.join("  ");
}

/** File, grid, whether it is read by default, and the findings. */
function imageLine({ file, shape, spacing, chosen, findings, error }: ImageReport): string {
  const parts = [`image file ${file}`];
  if (shape !== undefined) parts.push(shape.join(" × "));
  if (spacing !== undefined) parts.push(`${spacing.map((mm) => mm.toFixed(3)).join(" × ")} mm`);
  if (chosen) parts.push("read by default");
  if (error !== undefined) parts.push(`no volume: ${error.code}`);
  for (const finding of findings) parts.push(findingText(finding));
  return parts.join("  ");
}

function foldersText(folders: readonly string[]): string {
  const [first, ...others] = folders;
  return others.length === 0 ? first! : `${first} and ${counted(others.length, "other folder")}`;
}

function countReasons(skipped: Inspection["skipped"]): string {
  const counts = new Map<string, number>();
  for (const { reason, modality } of skipped) {
    const kind = modality === undefined ? reason : `${reason} (${modality})`;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `${count} ${reason}`).join(", ");
}
