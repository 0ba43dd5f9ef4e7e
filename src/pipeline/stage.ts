import type { PleuraError } from "../errors.ts";
import type { OptionsOf, OptionTable } from "../options.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Volume } from "../volume/volume.ts";
import type { PixelClass } from "./pixel-class.ts";

/** What there is before any stage has run. */
export interface Scanned {
  /** Hounsfield units, int16, patient lying along axis 0, head at the end. */
  readonly volume: Volume<Int16Array>;
}

/**
 * The two parts of the pipeline: from the scan to the lungs, and from there to the model input. Where the lungs
 * come from a mask, the first part is left out. A stage's options stand in the parameters under its part.
 */
export type Part = "lungs" | "prepare";

/** A mask that a stage makes. */
export interface StageMaskOf<Found> {
  /** What the page calls it. */
  readonly label: string;
  /** Takes it out of what the stage found. */
  of(found: Found): BitVolume;
}

/** One step of a stage, as the walkthrough tells it. How it is drawn stands in `walkthrough/step-pictures.ts`. */
export interface StepText<Name extends string = string> {
  readonly name: Name;
  readonly title: string;
  readonly what: string;
  readonly why: string;
  /** Classes of pixels in its picture, in words. */
  readonly legend: Readonly<Partial<Record<PixelClass, string>>>;
  /** Options that decide the step, by their path among those of the stage: `binarize.threshold`. */
  readonly options: readonly string[];
}

/**
 * All there is to know about a stage. It reads what earlier stages found and gives what it found itself.
 * A stage is made by {@link defineStage} in a file of its own and used by the profiles that list it.
 */
export interface StageDefinition<
  Name extends string,
  In extends Part,
  State extends Scanned,
  Found extends object,
  Options extends OptionTable,
  Mask extends string,
  Step extends string,
> {
  /** Its name in the manifest, the progress and the errors. */
  readonly name: Name;
  readonly part: In;
  /** What it does, in a few words. */
  readonly title: string;
  /** Its options with their defaults and limits. */
  readonly options: Options;
  /** Results of earlier stages that it reads. */
  readonly needs: readonly Exclude<keyof NoInfer<State>, "volume">[];
  /** Its own results. */
  readonly gives: readonly (keyof NoInfer<Found>)[];
  /** The masks that `--stages` keeps and the page shows, in their order. */
  readonly masks: Readonly<Record<Mask, StageMaskOf<Found>>>;
  /** The steps by which the walkthrough tells it; one that has no drawing of its own shows the stage's masks. */
  readonly steps: readonly StepText<Step>[];
  run(state: State, options: OptionsOf<Options>): Found;
  /** The error when nothing can be done with what was found; the walkthrough can show it all the same. */
  refuse?(found: Found, options: OptionsOf<Options>): PleuraError | undefined;
}

/** Makes a stage; the compiler checks that `needs` and `gives` are what `run` reads and returns. */
export function defineStage<
  const Name extends string,
  const In extends Part,
  State extends Scanned,
  Found extends object,
  const Options extends OptionTable,
  const Mask extends string,
  const Step extends string,
>(
  definition: StageDefinition<Name, In, State, Found, Options, Mask, Step>,
): StageDefinition<Name, In, State, Found, Options, Mask, Step> {
  return definition;
}

/** Any stage, for those that only go through a list of them. */
export interface Stage {
  readonly name: string;
  readonly part: Part;
  readonly title: string;
  readonly options: OptionTable;
  readonly needs: readonly string[];
  readonly gives: readonly string[];
  readonly masks: Readonly<Record<string, StageMaskOf<never>>>;
  readonly steps: readonly StepText[];
  run(state: never, options: never): object;
  refuse?(found: never, options: never): PleuraError | undefined;
}
