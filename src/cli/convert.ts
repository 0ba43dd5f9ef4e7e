import { Command, Option } from "commander";
import { findingLine, writtenFinding } from "../case/finding-text.ts";
import { counted } from "../counted.ts";
import type { GroupBy } from "../node/cases/case-options.ts";
import { isForPerson, printLine } from "./print.ts";

interface ConvertFlags {
  readonly by: GroupBy;
  readonly series?: string;
  readonly fillGaps?: true;
  readonly allowDamaged?: true;
  readonly force?: true;
}

/** `pleura convert`: a scan as one file of another format. */
export function convertCommand(): Command {
  return new Command("convert")
    .summary("write a scan as NIfTI, MetaImage or NRRD")
    .description(
      "Reads a scan as prep does and writes it as one file, in Hounsfield units, with its position in the patient.\n" +
        "The ending of the output says the format: .nii, .nii.gz, .mha or .nrrd. What prep would refuse is refused.\n" +
        "Findings are printed on standard error.",
    )
    .argument("<input>", "a folder of DICOM files, a zip of them, or a NIfTI, MetaImage or NRRD file")
    .argument("<output>", "file to write")
    .addOption(
      new Option("--by <what>", "what is one scan: a folder or file, or a study or series, by the headers' UIDs")
        .choices(["folder", "study", "series"])
        .default("folder"),
    )
    .option("--series <uid or number>", "the series to read")
    .option("--fill-gaps", "interpolate missing slices (default: refuse the series)")
    .option("--allow-damaged", "read what is left of a series with damaged or missing files (default: refuse it)")
    .option("--force", "replace the output if it exists")
    .action(convert);
}

async function convert(input: string, output: string, flags: ConvertFlags): Promise<void> {
  const { convertScan } = await import("../node/convert.ts");
  const { shape, spacing, findings } = await convertScan(input, output, flags);
  const isNamed = isForPerson(process.stderr);
  const { makeFileNamer } = await import("../node/file-namer.ts");
  const namer = await makeFileNamer(
    input,
    undefined,
    findings.flatMap(({ files = [] }) => files),
  );
  for (const finding of findings) {
    printLine(findingLine(isNamed ? finding : writtenFinding(finding, namer)), process.stderr);
  }
  const grid = `${shape.join(" × ")} voxels of ${spacing.map((mm) => Number(mm.toFixed(3))).join(" × ")} mm`;
  const odd = findings.length === 0 ? "" : `, ${counted(findings.length, "finding")}`;
  printLine(`${output}  ${grid}${odd}`);
}
