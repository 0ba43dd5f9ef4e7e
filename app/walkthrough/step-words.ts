import { type CaseSummary, PROFILES, type RunParameters, type Step } from "pleura/worker";
import { button, el, formatNumber } from "../dom.ts";
import { changeParameter, PARAMETERS, type Parameter, readParameter } from "./parameters.ts";
import { TEXTS } from "./texts.ts";

/** A step in words: what it does and why, what its colours mean, its parameters and its time. */
export function stepWords(
  step: Step,
  summary: CaseSummary | undefined,
  colours: HTMLElement | undefined,
  parameters: RunParameters,
  onParameters: (parameters: RunParameters) => void,
): readonly HTMLElement[] {
  const { title, what, why, stage } = TEXTS[step];
  const spent = summary?.milliseconds[stage];
  const own = PARAMETERS.filter((parameter) => parameter.step === step);
  const fields = own.map((parameter) => field(parameter, parameters, onParameters));
  return [
    el("h2", {}, title),
    el("p", {}, what),
    el("p", { class: "quiet" }, why),
    ...(colours === undefined ? [] : [colours]),
    ...(fields.length === 0 ? [] : [el("h3", {}, "Parameters"), el("div", { class: "parameters" }, ...fields)]),
    el("p", { class: "time" }, spent === undefined ? "" : `Part of \u201c${stage}\u201d, ${formatNumber(spent)} ms`),
  ];
}

function field(
  parameter: Parameter,
  parameters: RunParameters,
  onParameters: (parameters: RunParameters) => void,
): HTMLElement {
  const { label, unit, min, max, by, path } = parameter;
  const value = readParameter(parameters, parameter);
  const usual = readParameter(PROFILES.grt123, parameter);
  const input = el("input", { type: "number", min, max, step: by, value, "data-path": path.join(".") });
  input.addEventListener("change", () => {
    const given = input.valueAsNumber;
    if (Number.isFinite(given) && given >= min && given <= max) {
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
  return el("div", { class: "parameter" }, named, reset);
}

/** As an input field shows a number, but with a real minus sign. */
function formatPlain(value: number): string {
  return String(value).replace("-", "\u2212");
}
