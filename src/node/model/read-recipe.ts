import { PleuraError } from "../../errors.ts";
import { type ModelRecipe, parseRecipe } from "../../model/recipe.ts";
import { readSmallFile } from "../small-file.ts";

/** A recipe has some hundred bytes. */
const MOST_BYTES = 2 ** 16;

/**
 * Reads the recipe of a model from a JSON file.
 *
 * @throws PleuraError `not-found` when it cannot be read, `invalid-option` when it is not JSON or no recipe
 */
export function readRecipe(file: string): ModelRecipe {
  let text: string;
  try {
    text = readSmallFile(file, { most: MOST_BYTES });
  } catch (cause) {
    throw new PleuraError("not-found", "The recipe of the model cannot be read", { stage: "options", file, cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PleuraError("invalid-option", "The recipe of the model is not JSON", { stage: "options", file });
  }
  return parseRecipe(value, file);
}
