import { join } from "node:path";
import { Command } from "commander";
import { formatJson } from "../case/format-json.ts";
import type { LabelCheck } from "../node/check-labels.ts";
import type { CheckedNodule, NoduleTrouble } from "../nodules/check-labels.ts";
import { FAILED } from "./exit-status.ts";
import { printLine, printText } from "./print.ts";

interface CheckFlags {
  readonly json?: true;
  readonly pictures?: string;
}

const TEXTS: Readonly<Record<NoduleTrouble, string>> = {
  "outside-scan": "outside the scan",
  "outside-box": "outside the box of clean",
  "outside-lungs": "outside the lungs",
  masked: "masked away",
  padding: "clean shows padding only",
};

/** `pleura check-labels`: whether clean shows what the labels say. */
export function checkLabelsCommand(): Command {
  return new Command("check-labels")
    .summary("check that clean shows the annotated nodules")
    .description(
      "Looks for every annotated nodule in clean: whether it lies within the lungs and the box, or where clean shows\n" +
        "padding only, and whether label.npy agrees with <case>_nodules.json. Prints a line for each nodule with a\n" +
        "problem, and the counts. The exit status is 1 when a nodule is not shown or a label does not agree.",
    )
    .argument("<out>", "output folder of prep")
    .option("--pictures <dir>", "also draw each nodule in three planes, with its box, as a PNG")
    .option("--json", "print JSON instead")
    .action(check);
}

async function check(out: string, { json, pictures }: CheckFlags): Promise<void> {
  const { checkOutputs } = await import("../node/check-labels.ts");
  const draw = pictures === undefined ? undefined : await drawInto(pictures);
  const checks: LabelCheck[] = [];
  for await (const one of checkOutputs(out, draw)) {
    if (!json) for (const line of linesOf(one)) printLine(line);
    checks.push(one);
  }
  printText(json ? formatJson(checks) : summary(checks));
  const { isInvisible } = await import("../nodules/check-labels.ts");
  const isWrong = (one: LabelCheck) =>
    one.status === "unreadable" ||
    (one.status === "checked" && (one.mismatch !== undefined || one.nodules.some(isInvisible)));
  if (checks.some(isWrong)) process.exitCode = FAILED;
}

/** Makes the function that writes a picture of each nodule of a case. */
async function drawInto(folder: string) {
  const { nodulePicture } = await import("../node/nodule-pictures.ts");
  const { encodePng } = await import("../pictures/encode-png.ts");
  const { writeWholeFile } = await import("../node/staging.ts");
  return async (
    { case: name, nodules }: Extract<LabelCheck, { status: "checked" }>,
    clean: Parameters<typeof nodulePicture>[0],
  ): Promise<void> => {
    for (const { record, number } of nodules) {
      if (record.shares === null) continue;
      const { picture } = nodulePicture(clean, record, number);
      await writeWholeFile(join(folder, `${name}_nodule-${number}.png`), encodePng(picture));
    }
  };
}

function linesOf(check: LabelCheck): string[] {
  if (check.status === "unreadable") return [`${check.case}  unreadable  ${check.why}`];
  if (check.status === "no-annotations") return [];
  const lines = check.mismatch === undefined ? [] : [`${check.case}  label.npy does not agree: ${check.mismatch}`];
  for (const nodule of check.nodules)
    if (nodule.troubles.length > 0) lines.push(`${check.case}  ${noduleText(nodule)}`);
  return lines;
}

function noduleText({ number, record, troubles }: CheckedNodule): string {
  const shown = record.shares === null ? "" : `, ${Math.round(100 * record.shares.shown)} % shown`;
  return `nodule ${number} (line ${record.line}): ${troubles.map((trouble) => TEXTS[trouble]).join(", ")}${shown}`;
}

function summary(checks: readonly LabelCheck[]): string {
  const checked = checks.filter((one) => one.status === "checked");
  const nodules = checked.flatMap((one) => one.nodules);
  const rows: [string, number][] = [
    ["cases", checks.length],
    ["without annotations", checks.filter(({ status }) => status === "no-annotations").length],
    ["unreadable", checks.filter(({ status }) => status === "unreadable").length],
    ["labels that do not agree", checked.filter(({ mismatch }) => mismatch !== undefined).length],
    ["cases without nodules", checked.filter((one) => one.nodules.length === 0).length],
    ["nodules", nodules.length],
    ...Object.entries(TEXTS).map(([trouble, text]): [string, number] => [
      `  ${text}`,
      nodules.filter(({ troubles }) => troubles.includes(trouble as NoduleTrouble)).length,
    ]),
  ];
  const width = Math.max(...rows.map(([text]) => text.length));
  return rows.map(([text, count]) => `${text.padEnd(width)}  ${count}\n`).join("");
}
