import { PleuraError } from "../errors.ts";
import type { NetworkAnswer } from "./network.ts";
import type { ModelRecipe } from "./recipe.ts";

/** A network of more classes than this segments no lungs. */
const MOST_CLASSES = 256;

/**
 * Makes labels of a network's answer to one slice.
 *
 * @param file - name of the model, for messages
 * @returns one label for each pixel of the recipe's size, row by row
 * @throws PleuraError `bad-model` when the answer has another size or number of planes than the recipe says, or holds
 * values that are no numbers or no labels
 */
export function readAnswer({ data, dims }: NetworkAnswer, recipe: ModelRecipe, file: string): Uint8Array {
  const [height, width] = recipe.size;
  const pixels = height * width;
  const planes = planesOf(dims, recipe);
  if (planes === undefined || data.length !== planes * pixels) throw badSize(dims, recipe, file);
  if (typeof data[0] === "bigint") {
    if (recipe.answer !== "labels") throw badValues("whole numbers of 64 bits", recipe, file);
    return readLabels((i) => Number(data[i]), pixels, recipe, file);
  }
  const values = data as ArrayLike<number>;
  let broken = 0;
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) broken++;
  if (broken > 0) throw badValues(`${broken} of ${values.length} values are not a number (NaN)`, recipe, file);
  if (recipe.answer === "labels") return readLabels((i) => values[i]!, pixels, recipe, file);
  if (recipe.answer === "mask") {
    return Uint8Array.from({ length: pixels }, (_, i) => (values[i]! > recipe.threshold ? 1 : 0));
  }
  return largestClass(values, planes, pixels);
}

/** How many planes an output has, where its form is what the recipe says. */
function planesOf(dims: readonly number[], { answer, size }: ModelRecipe): number | undefined {
  const [height, width] = dims.slice(-2);
  if (height !== size[0] || width !== size[1]) return undefined;
  const outer = dims.slice(0, -2);
  const planes = outer.reduce((product, n) => product * n, 1);
  if (answer !== "classes") return planes === 1 && outer.length <= 2 ? 1 : undefined;
  return outer.length === 2 && outer[0] === 1 && planes >= 2 && planes <= MOST_CLASSES ? planes : undefined;
}

/** The class with the largest value, the first one among equals. */
function largestClass(values: ArrayLike<number>, classes: number, pixels: number): Uint8Array {
  const labels = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) {
    let most = values[i]!;
    for (let c = 1; c < classes; c++) {
      const value = values[c * pixels + i]!;
      if (value > most) {
        most = value;
        labels[i] = c;
      }
    }
  }
  return labels;
}

function readLabels(at: (i: number) => number, pixels: number, recipe: ModelRecipe, file: string): Uint8Array {
  const labels = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const value = at(i);
    if (!Number.isInteger(value) || value < 0 || value > 255) {
      throw badValues(`a value of ${value}`, recipe, file);
    }
    labels[i] = value;
  }
  return labels;
}

const EXPECTED = {
  classes: "finite values of each class",
  labels: "labels from 0 to 255",
  mask: "one finite value for each pixel",
} as const;

function badValues(measured: string, { answer }: ModelRecipe, file: string): PleuraError {
  return new PleuraError("bad-model", "The model's output is not what its recipe says", {
    stage: "lungs",
    file,
    measured,
    limit: EXPECTED[answer],
    hint: "Check the window, the scale and the answer in the recipe (--model-recipe)",
  });
}

function badSize(dims: readonly number[], { answer, size }: ModelRecipe, file: string): PleuraError {
  const [height, width] = size;
  const wanted = {
    classes: `1 × classes × ${height} × ${width}, with 2 to ${MOST_CLASSES} classes`,
    labels: `1 × ${height} × ${width}`,
    mask: `1 × 1 × ${height} × ${width}`,
  };
  return new PleuraError("bad-model", "The model's output has another form than its recipe says", {
    stage: "lungs",
    file,
    measured: dims.length === 0 ? "one number" : dims.join(" × "),
    limit: wanted[answer],
    hint: "Say what the model takes and gives in a recipe: --model-recipe",
  });
}
