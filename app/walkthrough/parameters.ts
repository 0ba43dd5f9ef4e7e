import { PAGE_PARAMETERS, type RunParameters, type StepParameter } from "pleura/worker";

/** The numbers that decide a step. */
export function parametersOfStep(step: string): readonly StepParameter[] {
  return PAGE_PARAMETERS.filter((parameter) => parameter.step === step);
}

/** The numbers that are not at their defaults. */
export function changedParameters(parameters: RunParameters): readonly StepParameter[] {
  return PAGE_PARAMETERS.filter((parameter) => readParameter(parameters, parameter) !== parameter.default);
}

/** Reads one number out of the parameters. */
export function readParameter(parameters: RunParameters, { path }: StepParameter): number {
  let value: unknown = parameters;
  for (const key of path) value = (value as Readonly<Record<string | number, unknown>>)[key];
  return value as number;
}

/** The parameters with one number changed; the given ones stay as they are. */
export function changeParameter(parameters: RunParameters, { path }: StepParameter, value: number): RunParameters {
  const changed = structuredClone(parameters);
  let holder = changed as unknown as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>;
  holder[path.at(-1)!] = value;
  return changed;
}
