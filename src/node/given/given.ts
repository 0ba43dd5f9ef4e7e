import { resolve } from "node:path";
import type { CaseKeys } from "../../case/key-index.ts";
import type { GivenDigests } from "../../case/manifest.ts";
import type { ProfileName } from "../../case/profile.ts";
import { invalidOption, PleuraError } from "../../errors.ts";
import type { LungLabels } from "../../masks/lung-labels.ts";
import type { ModelRecipe } from "../../model/recipe.ts";
import type { NoduleUnits } from "../../nodules/annotation-table.ts";

/** What a user gives beside the scans: lungs and nodules. */
export interface GivenOptions {
  /** Takes the lungs from a mask instead of finding them: an image, or a folder with one for each case. */
  readonly lungs?: string;
  /** Which labels of the masks, or of the model, are the lungs. Default: recognised, or those of the recipe. */
  readonly lungLabels?: LungLabels;
  /** Finds the lungs by a slice-wise network: an ONNX file. ONNX Runtime must be installed. */
  readonly model?: string;
  /** What the model takes and gives. Default: the recipe of lungmask's R231, also for what is left out. */
  readonly modelRecipe?: Partial<ModelRecipe>;
  /** Threads that run the model in each process. Default 1. */
  readonly modelThreads?: number;
  /** Annotations of nodules: a file, or a folder of files of one kind. */
  readonly nodules?: string;
  /** How many readers must have marked a nodule of LIDC-IDRI. Default 3. */
  readonly readers?: number;
  /** Unit of a table of nodules that does not say it. Default: told by its coordinates. */
  readonly noduleUnits?: NoduleUnits;
}

/**
 * Refuses options that cannot be met, before the first case begins.
 *
 * @param cases - number of cases
 * @throws PleuraError `invalid-option`, `not-found`, `bad-annotation`
 */
export async function checkGiven(
  options: GivenOptions & { readonly profile?: ProfileName },
  cases: number,
): Promise<void> {
  const { profile, lungs, lungLabels, model, nodules, readers } = options;
  if (profile === "luna16" && lungs === undefined && model === undefined) {
    throw new PleuraError("invalid-option", "The profile luna16 takes the lungs from masks", {
      stage: "options",
      hint: "Give LUNA16's seg-lungs-LUNA16, or masks of your own, with --lungs <folder>",
    });
  }
  if (lungs === undefined && model === undefined && lungLabels !== undefined) {
    throw invalidOption("lung-labels", "--lungs or --model beside it", "none");
  }
  checkModelOptions(options);
  if (model !== undefined) await (await import("../model/model-file.ts")).statModel(resolve(model));
  if (nodules === undefined && readers !== undefined) throw invalidOption("readers", "--nodules beside it", "none");
  if (readers !== undefined && !(Number.isInteger(readers) && readers > 0)) {
    throw invalidOption("readers", "a positive integer", readers);
  }
  if (lungs !== undefined) {
    const { stat } = await import("node:fs/promises");
    const found = await stat(resolve(lungs)).catch(() => undefined);
    if (found === undefined) {
      throw new PleuraError("not-found", "There are no such lung masks", { stage: "options", file: lungs });
    }
    if (!found.isDirectory() && cases > 1) {
      throw invalidOption("lungs", `a folder, since there are ${cases} cases`, "one file");
    }
  }
  if (nodules !== undefined) {
    await (await import("./annotations.ts")).openAnnotations({ ...options, nodules: resolve(nodules) });
  }
}

function checkModelOptions({ model, modelRecipe, modelThreads }: GivenOptions): void {
  if (model === undefined && modelRecipe !== undefined)
    throw invalidOption("model-recipe", "--model beside it", "none");
  if (model === undefined && modelThreads !== undefined) {
    throw invalidOption("model-threads", "--model beside it", "none");
  }
  if (modelThreads !== undefined && !(Number.isInteger(modelThreads) && modelThreads > 0)) {
    throw invalidOption("model-threads", "a positive integer", modelThreads);
  }
}

/**
 * The digests of what there is for a case now.
 *
 * @param keys - with the series as an earlier result has it, for the scan is not read
 * @throws PleuraError where something is missing
 */
export async function givenDigests(
  { lungs, model, nodules, ...options }: GivenOptions & { readonly profile?: ProfileName },
  keys: CaseKeys,
): Promise<GivenDigests> {
  const digests: { lungs?: string; nodules?: string } = {};
  if (lungs !== undefined) {
    const { findLungMask, maskDigest } = await import("./lung-masks.ts");
    digests.lungs = maskDigest(findLungMask(resolve(lungs), keys));
  }
  if (model !== undefined) digests.lungs = await (await import("../model/model-file.ts")).hashModel(resolve(model));
  if (nodules !== undefined) {
    const { annotationDigest, openAnnotations } = await import("./annotations.ts");
    digests.nodules = annotationDigest((await openAnnotations({ ...options, nodules: resolve(nodules) })).find(keys));
  }
  return { ...(keys.series !== undefined && { series: keys.series }), ...digests };
}
