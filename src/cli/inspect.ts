import { Command } from "commander";
import { type FileNamer, keepNames } from "../case/file-labels.ts";
import { findingText, writtenFinding } from "../case/finding-text.ts";
import { formatJson } from "../case/format-json.ts";
import { counted } from "../counted.ts";
import type { ImageReport, Inspection, StackReport } from "../node/inspect-series.ts";
import { isForPerson, printLine, printText } from "./print.ts";

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
  else for (const line of await lines(inspection, isNamed)) printLine(line);
  if (inspection.stacks.length + inspection.images.length === 0) process.exitCode = 1;
}

async function plain({ stacks, ambiguous, images, skipped }: Inspection, namer: FileNamer) {
  const { toFailure } = await import("../node/failure.ts");
  type Known = Pick<StackReport, "error" | "findings">;
  const plainly = <Report extends Known>({ error, findings, ...report }: Report) => ({
    ...report,
    findings: findings.map((finding) => writtenFinding(finding, namer)),
    ...(error !== undefined && { failure: toFailure(error, "read", namer) }),
  });
  return {
    stacks: stacks.map(plainly),
    ...(ambiguous !== undefined && { ambiguous: toFailure(ambiguous, "read", namer) }),
    images: images.map(({ file, ...image }) => ({ file: namer.file(file), ...plainly(image) })),
    skipped: skipped.map(({ file, ...why }) => ({ file: namer.file(file), ...why })),
  };
}

/** The same with labels in place of names, and without UIDs but those of DICOM itself. */
async function written(inspection: Inspection, path: string): Promise<object> {
  const { makeFileNamer } = await import("../node/file-namer.ts");
  const { isStandardSyntax } = await import("../node/inspect-series.ts");
  const { keyName, uidKey } = await import("../node/cases/case-input.ts");
  const { stacks, images, skipped } = inspection;
  const files = [
    ...[...skipped, ...images].map(({ file }) => file),
    ...[...stacks, ...images].flatMap(({ findings, error }) =>
      [...findings.flatMap((one) => one.files ?? []), error?.file ?? []].flat(),
    ),
  ];
  const all = await plain(inspection, await makeFileNamer(path, undefined, files));
  const keyOf = (by: "study" | "series", uid: string | undefined) =>
    uid === undefined ? undefined : keyName({ by, key: uidKey(uid) });
  return {
    ...all,
    stacks: all.stacks.map(({ seriesUid, studyUid, folders, syntaxes, ...stack }) => ({
      study: keyOf("study", studyUid),
      series: keyOf("series", seriesUid),
      ...stack,
      folders: folders.length,
      syntaxes: syntaxes.map((uid) => (isStandardSyntax(uid) ? uid : "unknown")),
    })),
  };
}

async function lines({ stacks, ambiguous, images, skipped }: Inspection, isNamed: boolean): Promise<string[]> {
  const studies = [...new Set(stacks.map(({ studyUid }) => studyUid ?? ""))];
  const patients = new Set(stacks.map(({ patient }) => patient));
  const { keyName, uidKey } = await import("../node/cases/case-input.ts");
  const groupOf = ({ patient, studyUid }: StackReport): string[] => [
    ...(patients.size > 1 ? [patient === undefined ? "no patient" : `patient ${patient}`] : []),
    ...(studies.length > 1 && studyUid !== undefined ? [keyName({ by: "study", key: uidKey(studyUid) })] : []),
  ];
  const text = stacks.map((stack) => stackLine(stack, groupOf(stack), isNamed));
  text.push(...images.map((image) => imageLine(image, isNamed)));
  if (stacks.length + images.length === 0) text.push("no CT images");
  if (ambiguous !== undefined) {
    const { toFailure } = await import("../node/failure.ts");
    text.push(`not one case  ${isNamed ? ambiguous.message : toFailure(ambiguous, "read").message}`);
  }
  if (skipped.length > 0) text.push(`left aside  ${countReasons(skipped)}`);
  return text;
}

/** Series, plane, number of images, grid, folders, whether it is read by default, and the findings. */
function stackLine(stack: StackReport, group: readonly string[], isNamed: boolean): string {
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
    `series ${seriesNumber ?? (isNamed ? seriesUid : "without a number")}`,
    localizer ? "localizer" : `${derived ? "derived " : ""}${plane}`,
    counted(images, "image"),
  ];
  if (shape !== undefined) parts.push(shape.join(" × "));
  if (spacing !== undefined) parts.push(`${spacing.map((mm) => mm.toFixed(3)).join(" × ")} mm`);
  if (folders.some((folder) => folder !== "."))
    parts.push(`in ${isNamed ? foldersText(folders) : counted(folders.length, "folder")}`);
  parts.push(...group);
  if (chosen) parts.push("read by default");
  if (error !== undefined) parts.push(`no volume: ${error.code}`);
  for (const finding of findings) parts.push(findingText(finding));
  return parts.join("  ");
}

/** File, grid, whether it is read by default, and the findings. */
function imageLine({ file, shape, spacing, chosen, findings, error }: ImageReport, isNamed: boolean): string {
  const parts = [isNamed ? `image file ${file}` : "image file"];
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
