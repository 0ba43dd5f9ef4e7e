import { type Command, Option } from "commander";
import { MESH_FORMATS, type MeshFormat } from "../case/outputs.ts";
import { PROFILES, type ProfileName } from "../case/profile.ts";
import type { LungLabels } from "../masks/lung-labels.ts";
import type { GroupBy } from "../node/cases/case-options.ts";
import type { StatusOptions } from "../node/folder-status.ts";
import { readRecipe } from "../node/model/read-recipe.ts";
import { readParameters } from "../node/read-parameters.ts";
import type { Shard } from "../node/shard.ts";
import type { NoduleUnits } from "../nodules/annotation-table.ts";
import { lungLabels, positiveInteger, shard } from "./parse.ts";

/** The options that decide which cases there are and what makes one done. */
export interface CaseFlags {
  readonly profile: ProfileName;
  readonly params?: string;
  readonly lungs?: string;
  readonly lungLabels?: LungLabels;
  readonly model?: string;
  readonly modelRecipe?: string;
  readonly modelThreads?: number;
  readonly nodules?: string;
  readonly readers?: number;
  readonly noduleUnits?: NoduleUnits;
  readonly by: GroupBy;
  readonly names?: string;
  readonly series?: string;
  readonly allSeries?: true;
  readonly fillGaps?: true;
  readonly allowDamaged?: true;
  readonly stages?: true;
  readonly seg?: true;
  readonly rtstruct?: true;
  readonly density?: true;
  readonly mesh?: MeshFormat;
  readonly minQuality?: "good" | "doubtful";
  readonly verify?: true;
  readonly shard?: Shard;
}

/** Gives a command the options behind {@link CaseFlags}. */
export function addCaseOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--profile <name>", "whose numbers to reproduce").choices(Object.keys(PROFILES)).default("grt123"),
    )
    .option(
      "--params <file>",
      'options of the stages in JSON: {"lungs": {...}, "prepare": {...}} (default: the profile\'s)',
    )
    .option(
      "--lungs <path>",
      "take the lungs from masks: an image, a SEG or RTSTRUCT, or a folder with one for each case",
    )
    .option(
      "--lung-labels <labels>",
      "which labels of the masks or the model are the lungs: right=1,left=2 (default: recognised)",
      lungLabels,
    )
    .addOption(
      new Option(
        "--model <file>",
        "find the lungs by a network: an ONNX file; needs onnxruntime-node or onnxruntime-web",
      ).conflicts("lungs"),
    )
    .option("--model-recipe <file>", "what the model takes and gives, in JSON (default: as lungmask's R231)")
    .option("--model-threads <n>", "threads that run the model in each process (default: 1)", positiveInteger)
    .option("--nodules <path>", "annotations of nodules: CSV, LIDC-IDRI XML, or a folder of them")
    .option("--readers <n>", "how many readers must have marked a nodule of LIDC-IDRI (default: 3)", positiveInteger)
    .addOption(
      new Option("--nodule-units <unit>", "unit of positions in a table that does not say it").choices([
        "mm",
        "voxels",
      ]),
    )
    .addOption(
      new Option("--by <what>", "make a case of each folder or file, study, or series, by the headers' UIDs")
        .choices(["folder", "study", "series"])
        .default("folder"),
    )
    .option("--names <file>", "name cases by a list: lines of name,key, where a key is a folder, file or UID")
    .addOption(new Option("--series <uid or number>", "the series to read").conflicts("allSeries"))
    .option("--all-series", "make a case of every axial series: <case>_<series number>")
    .option("--fill-gaps", "interpolate missing slices (default: refuse the series)")
    .option("--allow-damaged", "read what is left of a series with damaged or missing files (default: refuse it)")
    .option("--stages", "also keep every stage's mask")
    .option("--seg", "also write the lungs as a DICOM SEG: it holds the patient's name and ids")
    .option("--rtstruct", "also write the lungs as a DICOM RTSTRUCT: it holds the patient's name and ids")
    .option("--density", "also measure densities of the lungs, such as %LAA-950, for the manifest and --csv")
    .addOption(
      new Option("--mesh <format>", "also write surfaces: one binary glTF file, or an STL file each").choices(
        MESH_FORMATS,
      ),
    )
    .addOption(
      new Option(
        "--min-quality <verdict>",
        "fail cases whose lungs are judged worse; their files go to rejected/",
      ).choices(["good", "doubtful"]),
    )
    .option("--shard <i/n>", "process only part i of n of the cases, by their names", shard)
    .option("--verify", "detect finished cases by content hash (default: by names, sizes and times of files)");
}

/** What of a command names cases and where their results go. */
export interface OutputFlags extends CaseFlags {
  readonly out: string;
  readonly force?: true;
  readonly keepFileNames?: true;
}

/** Gives a command the inputs, and the options behind {@link OutputFlags}. */
export function addOutputOptions(command: Command): Command {
  command
    .argument("<input...>", "a folder of cases, one case folder, or one file")
    .requiredOption("--out <dir>", "folder for the results");
  return addCaseOptions(command)
    .option("--force", "reprocess finished cases (default: skip them)")
    .option("--keep-file-names", "write names of input files to outputs and logs (default: their position)");
}

/** The options of the batch that the flags stand for. */
export function caseOptions(flags: CaseFlags): StatusOptions {
  return {
    profile: flags.profile,
    by: flags.by,
    ...(flags.names !== undefined && { names: flags.names }),
    ...(flags.params !== undefined && { params: readParameters(flags.params, flags.profile) }),
    ...(flags.lungs !== undefined && { lungs: flags.lungs }),
    ...(flags.lungLabels !== undefined && { lungLabels: flags.lungLabels }),
    ...(flags.model !== undefined && { model: flags.model }),
    ...(flags.modelRecipe !== undefined && { modelRecipe: readRecipe(flags.modelRecipe) }),
    ...(flags.modelThreads !== undefined && { modelThreads: flags.modelThreads }),
    ...(flags.nodules !== undefined && { nodules: flags.nodules }),
    ...(flags.readers !== undefined && { readers: flags.readers }),
    ...(flags.noduleUnits !== undefined && { noduleUnits: flags.noduleUnits }),
    ...(flags.series !== undefined && { series: flags.series }),
    ...(flags.shard !== undefined && { shard: flags.shard }),
    allSeries: flags.allSeries === true,
    fillGaps: flags.fillGaps === true,
    allowDamaged: flags.allowDamaged === true,
    stages: flags.stages === true,
    seg: flags.seg === true,
    rtstruct: flags.rtstruct === true,
    density: flags.density === true,
    ...(flags.minQuality !== undefined && { minQuality: flags.minQuality }),
    ...(flags.mesh !== undefined && { mesh: flags.mesh }),
    verify: flags.verify === true,
  };
}
