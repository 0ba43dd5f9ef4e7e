import type { Stage } from "../errors.ts";
import type { ProfileName, StepName } from "../pipeline/profiles.ts";
import type { Stage as PipelineStage, StepText } from "../pipeline/stage.ts";
import { stagesOf } from "../pipeline/stages.ts";

/** A step of the walkthrough with the stage that it is a part of. */
export interface ToldStep extends StepText<Step> {
  readonly stage: Stage;
}

/** Name of a step. */
export type Step = StepName | "hounsfield";

/** The step that comes before all stages. */
const READING: ToldStep = {
  name: "hounsfield",
  stage: "read",
  title: "Hounsfield units",
  what: "Stored pixel values become Hounsfield units by each slice's own slope and intercept, and the slices are put in order from the feet up.",
  why: "On this scale air is \u22121000 and water 0 on every scanner, so one threshold serves all scans.",
  legend: {},
  options: [],
};

/** The steps of a profile from Hounsfield units to the crop, in the order in which they are done. */
export function stepsOf(profile: ProfileName): readonly ToldStep[] {
  const told = stagesOf(profile).flatMap(({ name, steps }) => steps.map((step) => ({ ...step, stage: name })));
  return [READING, ...(told as ToldStep[])];
}

/** The steps that the page shows. */
const TOLD = stepsOf("grt123");

/** Their names, in their order. */
export const STEPS: readonly Step[] = TOLD.map(({ name }) => name);

/** What is told about each of them. */
export const STEP_TEXTS = Object.fromEntries(TOLD.map((step) => [step.name, step])) as Readonly<Record<Step, ToldStep>>;

/** The stage of the pipeline that each step is a part of. */
export const STEP_STAGES = Object.fromEntries(TOLD.map(({ name, stage }) => [name, stage])) as Readonly<
  Record<Step, Stage>
>;

/** The stage of the pipeline that a step is a part of; none for what comes before all stages. */
export function stageOf(step: Step): PipelineStage | undefined {
  return stagesOf("grt123").find(({ name }) => name === STEP_STAGES[step]);
}

/** A slice as a step leaves it. */
export interface StepPicture {
  readonly step: Step;
  readonly width: number;
  readonly height: number;
  /** Millimetres a pixel. */
  readonly spacing: readonly [down: number, across: number];
  /** Values of the pixels: Hounsfield units, or grey values of 0 to 255. */
  readonly values: Int16Array | Uint8Array;
  readonly unit: "HU" | "grey";
  /** Class of each pixel. */
  readonly classes: Uint8Array;
  /** A rectangle to draw over the picture, the ends not included; absent where there is none. */
  readonly box?: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };
}
