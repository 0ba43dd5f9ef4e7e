import { PleuraError } from "../errors.ts";
import type { Triple } from "../volume/volume.ts";
import { joinPieces } from "./join-pieces.ts";
import type { SliceNetwork } from "./network.ts";
import { readAnswer } from "./read-answer.ts";
import type { ModelRecipe } from "./recipe.ts";
import { placeLabels, sliceImage } from "./slice-image.ts";

/** What {@link labelScan} can be told beside the recipe. */
export interface LabelScanOptions {
  /** Name of the model, for messages. */
  readonly file: string;
  /** Ends the work between two slices; what it aborts with is thrown. */
  readonly signal?: AbortSignal;
  /** Called after each slice, with the number of slices that are done. */
  readonly onSlice?: (done: number) => void;
}

/**
 * Labels a scan by a network, slice by slice: makes the network's image of each slice, reads its answer, cleans the
 * labels in three dimensions, and puts them back.
 *
 * @param scan - Hounsfield units, `[z, y, x]`: z to the head, y to the back, x to the left
 * @returns labels of the scan's shape, 0 is background
 * @throws PleuraError `bad-model` when the network's answer is not what the recipe says, `empty-mask` when it finds
 * nothing
 */
export async function labelScan(
  scan: { readonly voxels: Int16Array; readonly shape: Triple },
  network: SliceNetwork,
  recipe: ModelRecipe,
  { file, signal, onSlice }: LabelScanOptions,
): Promise<Int16Array> {
  const [slices, height, width] = scan.shape;
  const [rows, columns] = recipe.size;
  const pixels = rows * columns;
  const labels = new Uint8Array(slices * pixels);
  const boxes = [];
  for (let z = 0; z < slices; z++) {
    signal?.throwIfAborted();
    const hu = scan.voxels.subarray(z * height * width, (z + 1) * height * width);
    const { values, box } = sliceImage(hu, height, width, recipe);
    const answer = await network.run(values, [1, recipe.channels, rows, columns]);
    labels.set(readAnswer(answer, recipe, file), z * pixels);
    boxes.push(box);
    onSlice?.(z + 1);
  }
  if (recipe.postprocess) joinPieces(labels, [slices, rows, columns]);
  if (labels.every((label) => label === 0)) throw nothingFound(file);
  const out = new Int16Array(scan.voxels.length);
  boxes.forEach((box, z) => {
    const at = z * height * width;
    placeLabels(labels.subarray(z * pixels, (z + 1) * pixels), recipe.size, box, out.subarray(at), width);
  });
  return out;
}

function nothingFound(file: string): PleuraError {
  return new PleuraError("empty-mask", "The model found no lungs", {
    stage: "lungs",
    file,
    measured: "background only",
    limit: "at least 1 voxel of a lung",
    hint: "Check that the recipe is the model's: --model-recipe",
  });
}
