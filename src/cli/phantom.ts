import { readdir } from "node:fs/promises";
import { Command } from "commander";
import { formatJson } from "../case/format-json.ts";
import { counted } from "../counted.ts";
import { PleuraError } from "../errors.ts";
import type { PhantomOptions } from "../phantom/options.ts";
import type { Phantom } from "../phantom/phantom.ts";
import { imageSize, positiveInteger, positiveTriple, wholeNumber } from "./parse.ts";
import { printLine } from "./print.ts";

interface PhantomFlags extends Pick<PhantomOptions, "slices" | "spacing" | "seed" | "nodules" | "lungs"> {
  readonly truth?: string;
  readonly size?: number | readonly [rows: number, columns: number];
}

/** `pleura phantom`: a synthetic chest CT as a DICOM series. */
export function phantomCommand(): Command {
  return new Command("phantom")
    .summary("write a synthetic chest CT")
    .description(
      "Writes a synthetic chest CT as a DICOM series: body, ribs, spine, table, lungs with vessels and nodules,\n" +
        "trachea, noise, and padding around the field of view. The same options give the same bytes.",
    )
    .argument("<dir>", "folder for the series, empty or holding an earlier phantom")
    .option("--size <pixels>", "pixels along both sides, or <rows>x<columns> (default: 256)", imageSize)
    .option("--slices <n>", "number of slices (default: 100)", positiveInteger)
    .option("--spacing <z,y,x>", "millimetres (default: what shows the whole chest)", positiveTriple)
    .option("--seed <n>", "another seed gives other vessels, nodules and noise (default: 1)", wholeNumber)
    .option("--nodules <n>", "number of nodules (default: 5)", wholeNumber)
    .option("--truth <file>", "also write the nodules' positions as JSON, for prep --nodules")
    .option("--no-lungs", "the abdomen below instead: a scan without lungs")
    .action(phantom);
}

async function phantom(folder: string, { truth, ...flags }: PhantomFlags): Promise<void> {
  const { makePhantom } = await import("../phantom/phantom.ts");
  const { writePhantom } = await import("../node/write-phantom.ts");
  const made = makePhantom(flags);
  await refuseOtherFiles(folder, made.shape[0]);
  const names = await writePhantom(made, folder);
  if (truth !== undefined) await writeTruth(truth, made);
  const size = `${made.shape.join(" × ")}, ${made.spacing.join(" × ")} mm`;
  printLine(`${folder}  ${counted(names.length, "slice")}, ${size}`);
}

async function writeTruth(path: string, made: Phantom): Promise<void> {
  const { phantomSeriesUid } = await import("../phantom/write-dicom.ts");
  const { writeWholeFile } = await import("../node/staging.ts");
  const { lungVolumes, nodules } = made.truth;
  const truth = { format: "pleura phantom", seriesUid: phantomSeriesUid(made), nodules, lungVolumes };
  await writeWholeFile(path, formatJson(truth));
}

/** A series must not mix with files that are there already; a phantom's own are replaced. */
async function refuseOtherFiles(folder: string, slices: number): Promise<void> {
  const present = await readdir(folder).catch(() => []);
  const other = present.find((name) => !(Number(/^IMG(\d+)\.dcm$/.exec(name)?.[1]) <= slices));
  if (other === undefined) return;
  throw new PleuraError("invalid-option", `${other} is there already and would lie among the slices`, {
    stage: "options",
    file: folder,
    hint: "Give an empty folder, or one that does not exist yet",
  });
}
