import { Command } from "commander";
import { findingText } from "../case/finding-text.ts";
import { formatJson } from "../case/format-json.ts";
import type { Inspection, StackReport } from "../node/inspect-series.ts";

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
    .action(inspect);
}

async function inspect(path: string, { json }: { readonly json?: true }): Promise<void> {
  const { inspectSeries } = await import("../node/inspect-series.ts");
  const inspection = await inspectSeries(path);
  process.stdout.write(json ? formatJson(await plain(inspection)) : lines(inspection));
  if (inspection.stacks.length === 0) process.exitCode = 1;
}

async function plain({ stacks, skipped }: Inspection): Promise<object> {
  const { toFailure } = await import("../node/failure.ts");
  return {
    stacks: stacks.map(({ error, ...stack }) => ({
      ...stack,
      ...(error !== undefined && { failure: toFailure(error, "read") }),
    })),
    skipped,
  };
}

function lines({ stacks, skipped }: Inspection): string {
  const text = stacks.map(stackLine);
  if (stacks.length === 0) text.push("no CT images");
  if (skipped.length > 0) text.push(`left aside  ${countReasons(skipped)}`);
  return text.map((line) => `${line}\n`).join("");
}

/** Series, plane, number of images, grid, whether it is read by default, and the findings. */
function stackLine(stack: StackReport): string {
  const { seriesNumber, seriesUid, plane, localizer, derived, images, shape, spacing, chosen, findings, error } = stack;
  const parts = [
    `series ${seriesNumber ?? seriesUid}`,
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
