import type { RunParameters, StepParameter } from "pleura/worker";
import { button, el } from "./dom.ts";
import { changedParameters, readParameter } from "./walkthrough/parameters.ts";
import { formatPlain } from "./walkthrough/step-words.ts";

/** Says which parameters differ from their defaults, in every view, so that no result is taken for the usual one. */
export class ChangedParameters {
  readonly element = el("section", { class: "changed", "aria-label": "Changed parameters", hidden: true });

  /**
   * @param onGo - the user wants to see where a parameter decides something
   * @param onReset - all are to be at their defaults
   */
  constructor(
    private readonly onGo: (parameter: StepParameter) => void,
    private readonly onReset: () => void,
  ) {}

  /** Shows what differs now, or nothing. */
  show(parameters: RunParameters): void {
    const changed = changedParameters(parameters);
    this.element.hidden = changed.length === 0;
    const items = changed.map((parameter) => {
      const { label, unit, default: usual } = parameter;
      const value = formatPlain(readParameter(parameters, parameter));
      const text = `${label}: ${value}${unit === "" ? "" : ` ${unit}`} (default ${formatPlain(usual)})`;
      return el(
        "li",
        {},
        button(text, () => this.onGo(parameter)),
      );
    });
    this.element.replaceChildren(
      el("h2", {}, "Changed parameters", el("small", {}, String(changed.length))),
      el("ul", {}, ...items),
      button("Reset all", this.onReset, { id: "reset-all" }),
    );
  }
}
