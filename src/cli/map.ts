import { Command, Option } from "commander";
import { counted } from "../counted.ts";
import type { DetectionPositions } from "../nodules/detections.ts";
import { printLine, printText } from "./print.ts";

interface MapFlags {
  readonly out?: string;
  readonly positions: DetectionPositions;
  readonly logits?: true;
  readonly names?: string;
}

/** `pleura map`: detections in clean back to the patient. */
export function mapCommand(): Command {
  return new Command("map")
    .summary("map detections in clean back to the patient")
    .description(
      "Maps detections in voxels of clean back to the patient and prints them in LUNA16's form for submissions:\n" +
        "seriesuid,coordX,coordY,coordZ,probability (LPS, mm).",
    )
    .argument("<out>", "output folder of prep, with the cases' manifests")
    .argument(
      "<detections>",
      "a CSV with the columns case,z,y,x,probability, or a folder of <case>.npy with rows of\nprobability, z, y, x, diameter",
    )
    .addOption(
      new Option(
        "--positions <kind>",
        "what positions count: the rows of label.npy, or the voxels of clean as they lie",
      )
        .choices(["label", "clean"])
        .default("label"),
    )
    .option("--logits", "probabilities are log odds, as the published detector saves them")
    .option("--names <csv>", "series of each case, id,seriesuid (default: the case's name)")
    .option("--out <file>", "write to a file (default: standard output)")
    .action(map);
}

async function map(folder: string, input: string, { out, positions, logits, names }: MapFlags): Promise<void> {
  const { mapDetections } = await import("../node/map-detections.ts");
  const seriesOf = names === undefined ? (name: string) => name : await readNames(names);
  const { detections, drift } = await mapDetections(folder, input, { positions, logits: logits === true });
  const lines = detections.map(
    ({ case: name, patient, probability }) =>
      `${seriesOf(name)},${patient.map(millimetres).join(",")},${probability}\n`,
  );
  const text = `seriesuid,coordX,coordY,coordZ,probability\n${lines.join("")}`;
  if (out === undefined) printText(text);
  else await (await import("../node/staging.ts")).writeWholeFile(out, text);
  const meaning = positions === "label" ? "those of label.npy" : "voxels of clean as they lie";
  printLine(
    `${counted(detections.length, "detection")}; positions were taken for ${meaning}` +
      `${drift < 0.05 ? "" : `, which differ from the other kind by up to ${drift.toFixed(2)} mm (--positions)`}`,
    process.stderr,
  );
}

/** Reads a list of names, `id,seriesuid`, with a header or none. */
async function readNames(path: string): Promise<(name: string) => string> {
  const { readNameList } = await import("../node/given/name-list.ts");
  const { seriesOf } = await readNameList(path);
  const { PleuraError } = await import("../errors.ts");
  return (name) => {
    const series = seriesOf(name);
    if (series !== undefined) return series;
    throw new PleuraError("not-found", "A case is not in the list of names", {
      stage: "options",
      file: path,
      measured: `case ${name}`,
    });
  };
}

/** To a millionth of a millimetre. */
function millimetres(value: number): string {
  return String(Number(value.toFixed(6)));
}
