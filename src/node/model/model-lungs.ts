import { basename, resolve } from "node:path";
import type { CaseFinding } from "../../case/manifest.ts";
import type { Scan } from "../../dicom/read-scan.ts";
import { PleuraError } from "../../errors.ts";
import type { LabelImage } from "../../masks/label-image.ts";
import { type LungsFromMask, lungsFromMask } from "../../masks/lungs-from-mask.ts";
import { labelScan } from "../../model/label-scan.ts";
import type { ModelRecipe } from "../../model/recipe.ts";
import type { GivenLungs } from "../given/given-lungs.ts";
import { readModel } from "./model-file.ts";
import { openNetwork } from "./open-network.ts";

/** What finds a case's lungs in place of the stages. */
export interface LungModel {
  /** Path of the ONNX file. */
  readonly path: string;
  readonly recipe: ModelRecipe;
  readonly threads: number;
}

/**
 * Finds a case's lungs by a network.
 *
 * @param signal - ends it between two slices
 * @throws PleuraError `not-installed`, `not-found`, `bad-model`, `out-of-memory`; `empty-mask` when the network finds
 * no lungs, `unknown-labels` when its right lung lies to the left of its left lung
 */
export async function modelLungs(
  { path, recipe, threads }: LungModel,
  scan: Scan,
  signal: AbortSignal | undefined,
): Promise<GivenLungs> {
  const file = `model ${basename(path)}`;
  const model = await readModel(resolve(path));
  const network = await openNetwork(model, recipe, file, threads);
  const voxels = await labelScan(scan, network, recipe, { file, ...(signal && { signal }) });
  const image = { voxels, shape: scan.shape, affine: scan.affine, oriented: true };
  const { lungs, sides } = lungsOf(image, scan, recipe, file);
  const findings: CaseFinding[] = [];
  if (!lungs.separated) {
    findings.push({
      code: "not-separated",
      severity: "warning",
      message: "The model's lungs have one label and did not come apart into two lungs: they are dilated as one",
    });
  }
  return { lungs, sides, findings, digest: model.sha256, runtime: network.runtime };
}

function lungsOf(image: LabelImage, scan: Scan, { labels }: ModelRecipe, file: string): LungsFromMask {
  try {
    return lungsFromMask(image, scan, labels, file);
  } catch (error) {
    if (!(error instanceof PleuraError && error.code === "unknown-labels")) throw error;
    const { measured, limit } = error;
    throw new PleuraError("unknown-labels", "The model's labels are not the right and the left lung", {
      stage: "lungs",
      file,
      ...(measured !== undefined && { measured }),
      ...(limit !== undefined && { limit }),
      hint: "Check the labels in the recipe, or say which they are: --lung-labels right=1,left=2",
      cause: error,
    });
  }
}
