import {
  type CaseSummary,
  type RunParameters,
  type SessionError,
  STEP_STAGES,
  STEP_TEXTS,
  STEPS,
  type Step,
  type StepParameter,
} from "pleura/worker";
import { button, el, formatNumber } from "../dom.ts";
import { changeParameter, parametersOfStep, readParameter } from "./parameters.ts";

/** What is told about a step beside its own text. */
export interface StepState {
  /** What the colours of its picture mean. */
  readonly colours: HTMLElement | undefined;
  readonly time: string;
  /** Why it failed, if it did. */
  readonly failure: SessionError | undefined;
  readonly parameters: RunParameters;
}

/** A step in words: what it does and why, what its colours mean, its parameters and its time. */
export function stepWords(
  step: Step,
  { colours, time, failure, parameters }: StepState,
  onParameters: (parameters: RunParameters) => void,
): readonly HTMLElement[] {
  const { title, what, why } = STEP_TEXTS[step];
  const own = parametersOfStep(step);
  const fields = own.map((parameter) => field(parameter, parameters, onParameters));
  return [
    el("h2", {}, title),
    ...(failure === undefined ? [] : [el("p", { class: "trouble" }, `This step failed. ${withoutStage(failure)}`)]),
    el("p", {}, what),
    el("p", { class: "quiet" }, why),
    ...(colours === undefined ? [] : [colours]),
    ...(fields.length === 0 ? [] : [el("h3", {}, "Parameters"), el("div", { class: "parameters" }, ...fields)]),
    el("p", { class: "time" }, time),
  ];
}

/** How long the stage took that a step is a part of. */
export function timeOf(step: Step, summary: CaseSummary | undefined): string {
  const stage = STEP_STAGES[step];
  const spent = summary?.milliseconds[stage];
  return spent === undefined ? "" : `Part of \u201c${stage}\u201d, ${formatNumber(spent)} ms`;
}

/** A step by its number and title: `step 7 (Border, volume, distance)`. */
export function stepName(step: Step): string {
  return `step ${STEPS.indexOf(step) + 1} (${STEP_TEXTS[step].title})`;
}

/** What went wrong, without the name of the stage, which the step stands for. */
export function withoutStage({ message }: SessionError): string {
  return message.replace(/^\w+: /, "");
}

function field(
  parameter: StepParameter,
  parameters: RunParameters,
  onParameters: (parameters: RunParameters) => void,
): HTMLElement {
  const { label, unit, min, max, by, path, default: usual } = parameter;
  const value = readParameter(parameters, parameter);
  const limits = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  const input = el("input", { type: "number", step: by, value, "data-path": path.join("."), ...limits });
  input.addEventListener("change", () => {
    const given = input.valueAsNumber;
    if (Number.isFinite(given) && given >= (min ?? given) && given <= (max ?? given)) {
      onParameters(changeParameter(parameters, parameter, given));
    } else input.value = String(value);
  });
  const reset = button(
    `default ${formatPlain(usual)}`,
    () => onParameters(changeParameter(parameters, parameter, usual)),
    {
      class: "default",
      "data-path": path.join("."),
      disabled: value === usual,
      "aria-label": `Set ${label} to its default, ${usual}`,
    },
  );
  const named = el("label", {}, el("span", {}, label), input, el("small", {}, unit));
  return el("div", { class: "parameter", "data-changed": value !== usual }, named, reset);
}

/** As an input field shows a number, but with a real minus sign. */
export function formatPlain(value: number): string {
  return String(value).replace("-", "\u2212");
}
