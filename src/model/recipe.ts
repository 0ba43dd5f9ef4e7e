import { invalidOption, PleuraError } from "../errors.ts";
import type { LungLabels } from "../masks/lung-labels.ts";

/** What a slice-wise lung network is given, and what its answer means. */
export interface ModelRecipe {
  /** Height and width of the network's image, pixels. */
  readonly size: readonly [height: number, width: number];
  /** Hounsfield units outside of these two are set to the nearer one. */
  readonly window: readonly [low: number, high: number];
  /** Values that the two ends of the window become; linear between them. */
  readonly scale: readonly [low: number, high: number];
  /** Channels of the input; the slice is repeated in each. */
  readonly channels: number;
  /** What of a slice the network sees: the body's bounding box, or all of it. */
  readonly crop: "body" | "none";
  /**
   * What the output holds: a plane for each class, of which the largest value counts (`classes`); one plane of labels
   * (`labels`); or one plane in which values above `threshold` are lung, label 1 (`mask`).
   */
  readonly answer: "classes" | "labels" | "mask";
  /** For `mask`. */
  readonly threshold: number;
  /** Whether small pieces join their neighbours, only the largest piece of each label stays, and holes are filled. */
  readonly postprocess: boolean;
  /** Which labels are the lungs. */
  readonly labels: LungLabels;
  /** Name of the output, for networks that have several. */
  readonly output?: string;
}

/**
 * The recipe of lungmask's R231, by Johannes Hofmanninger and others.
 *
 * Source: https://github.com/JoHof/lungmask, `mask.py` and `utils.py`; doi 10.1186/s41747-020-00173-2
 */
export const R231_RECIPE: ModelRecipe = {
  size: [256, 256],
  window: [-1024, 600],
  scale: [0, 1],
  channels: 1,
  crop: "body",
  answer: "classes",
  threshold: 0.5,
  postprocess: true,
  labels: { right: [1], left: [2] },
};

/** A larger image than this is no slice. */
const LARGEST_SIZE = 4096;
const MOST_CHANNELS = 64;
const LARGEST_LABEL = 255;

interface Field {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

const FIELDS: { readonly [Name in keyof Required<ModelRecipe>]: Field } = {
  size: {
    expected: `two whole numbers from 8 to ${LARGEST_SIZE}: height and width`,
    accepts: (value) => isPair(value) && value.every((n) => isWhole(n, 8, LARGEST_SIZE)),
  },
  window: {
    expected: "two Hounsfield units from -32768 to 32767, the lower one first",
    accepts: (value) =>
      isPair(value) && value.every((n) => isWhole(n, -32768, 32767)) && (value[0] as number) < (value[1] as number),
  },
  scale: {
    expected: "two different numbers",
    accepts: (value) => isPair(value) && value.every(Number.isFinite) && value[0] !== value[1],
  },
  channels: {
    expected: `a whole number from 1 to ${MOST_CHANNELS}`,
    accepts: (value) => isWhole(value, 1, MOST_CHANNELS),
  },
  crop: { expected: "body or none", accepts: (value) => value === "body" || value === "none" },
  answer: {
    expected: "classes, labels or mask",
    accepts: (value) => value === "classes" || value === "labels" || value === "mask",
  },
  threshold: { expected: "a number", accepts: Number.isFinite },
  postprocess: { expected: "true or false", accepts: (value) => typeof value === "boolean" },
  labels: {
    expected: `{"right": [1], "left": [2]} or {"both": [1]}, each label once and from 1 to ${LARGEST_LABEL}`,
    accepts: areLabels,
  },
  output: {
    expected: "the name of an output",
    accepts: (value) => typeof value === "string" && value.length > 0 && value.length <= 256,
  },
};

/**
 * Checks a recipe, as it stands in a JSON file or a job, and completes it: what it leaves out is that of R231; a
 * network whose answer is a mask has one label for both lungs.
 *
 * @throws PleuraError `invalid-option` for a field that there is not, or a value that is out of range
 */
export function parseRecipe(value: unknown, file?: string): ModelRecipe {
  if (!isRecord(value)) throw noRecipe(file);
  for (const [name, given] of Object.entries(value)) {
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name as keyof ModelRecipe] : undefined;
    if (field === undefined) {
      throw new PleuraError("invalid-option", "The recipe of the model has an unknown field", {
        stage: "options",
        ...(file !== undefined && { file }),
        quote: name,
        limit: Object.keys(FIELDS).join(", "),
      });
    }
    if (!field.accepts(given)) throw invalidOption(`${name} in the recipe of the model`, field.expected, shown(given));
  }
  const labels: LungLabels = value["answer"] === "mask" ? { both: [1] } : R231_RECIPE.labels;
  return { ...R231_RECIPE, labels, ...value } as ModelRecipe;
}

function noRecipe(file: string | undefined): PleuraError {
  return new PleuraError("invalid-option", "The recipe of the model is no object", {
    stage: "options",
    ...(file !== undefined && { file }),
    hint: 'Write an object such as {"size": [256, 256], "window": [-1024, 600]}',
  });
}

function areLabels(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const sides = Object.keys(value).sort().join();
  if (sides !== "left,right" && sides !== "both") return false;
  const lists = Object.values(value);
  if (!lists.every(Array.isArray)) return false;
  const all = (lists as unknown[][]).flat();
  return all.length > 0 && all.every((n) => isWhole(n, 1, LARGEST_LABEL)) && new Set(all).size === all.length;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}

function isPair(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length === 2;
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
