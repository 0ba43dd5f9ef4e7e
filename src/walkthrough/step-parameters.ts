import { isOption, type NumberOption, type Option, type OptionTable } from "../options.ts";
import type { ProfileName } from "../pipeline/profiles.ts";
import type { Stage } from "../pipeline/stage.ts";
import { stagesOf } from "../pipeline/stages.ts";
import type { Step } from "./step.ts";

/** One number that decides a step, as the page offers it. */
export interface StepParameter {
  readonly step: Step;
  readonly label: string;
  /** Unit, empty where there is none. */
  readonly unit: string;
  /** Where it is among the parameters: `["lungs", "select", "volumeLimits", 0]`. */
  readonly path: readonly (string | number)[];
  readonly default: number;
  /** Smallest and largest value; `undefined` where there is no limit. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Step by which it goes up and down. */
  readonly by: number;
}

/** All numbers of a profile that can be changed, in the order of the steps. */
export function stepParameters(profile: ProfileName): readonly StepParameter[] {
  return stagesOf(profile).flatMap((stage) =>
    stage.steps.flatMap((step) => step.options.flatMap((path) => numbersOf(stage, step.name as Step, path.split(".")))),
  );
}

function numbersOf({ name, part, options }: Stage, step: Step, path: readonly string[]): StepParameter[] {
  const option = optionAt(options, path);
  if (option === undefined || "choices" in option || option.label === undefined) {
    throw new Error(`${name}: ${path.join(".")} is no number with a label`);
  }
  const { default: usual, label } = option;
  if (typeof usual === "number") return [numberOf(step, option, [part, ...path], label as string, usual)];
  return usual.map((one, i) => numberOf(step, option, [part, ...path, i], label[i]!, one));
}

function numberOf(
  step: Step,
  { unit = "", least, above, most, by = 1 }: NumberOption,
  path: readonly (string | number)[],
  label: string,
  usual: number,
): StepParameter {
  const min = least ?? (above === undefined ? undefined : above + by);
  return { step, label, unit, path, default: usual, min, max: most, by };
}

function optionAt(table: OptionTable, [name, ...rest]: readonly string[]): Option | undefined {
  const entry = name === undefined ? undefined : table[name];
  if (entry === undefined || isOption(entry)) return rest.length === 0 ? entry : undefined;
  return optionAt(entry, rest);
}
