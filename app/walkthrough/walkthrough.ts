import {
  type CaseSummary,
  CLASSES,
  PROFILES,
  type RunParameters,
  type ScanSummary,
  STEPS,
  type Step,
} from "pleura/worker";
import { button, el, formatNumber } from "../dom.ts";
import type { Engine } from "../engine.ts";
import { changeParameter, PARAMETERS, type Parameter, readParameter } from "./parameters.ts";
import { legend, StepCanvas } from "./step-canvas.ts";
import { TEXTS } from "./texts.ts";

/** What the walkthrough asks of the page. */
export interface WalkthroughEvents {
  readonly onParameters: (parameters: RunParameters) => void;
  readonly onSlice: (z: number) => void;
}

/** The steps one after the other, each with what it does, why, with what, and what came of it. */
export class Walkthrough {
  readonly element: HTMLElement;
  private readonly list = el("ol", { class: "steps" });
  private readonly words = el("div", { class: "words", role: "region", "aria-label": "The step", tabindex: 0 });
  private readonly before = new StepCanvas("Before");
  private readonly after = new StepCanvas("After");
  private readonly slider: HTMLInputElement;
  private readonly position = el("output", {});
  private step: Step = "threshold";
  private z: number;
  private summary: CaseSummary | undefined;
  private asking = false;
  private wanted = "";

  constructor(
    scan: ScanSummary,
    private readonly engine: Engine,
    private parameters: RunParameters,
    private readonly events: WalkthroughEvents,
  ) {
    const [slices] = scan.shape;
    this.z = Math.floor(slices / 2);
    this.slider = el("input", {
      type: "range",
      min: 0,
      max: slices - 1,
      step: 1,
      value: this.z,
      "aria-label": "Axial slice",
    });
    this.slider.addEventListener("input", () => {
      this.z = Number(this.slider.value);
      this.events.onSlice(this.z);
      void this.show();
    });
    const slice = el("div", { class: "slice" }, el("span", {}, "Slice"), this.slider, this.position);
    const pictures = el("div", { class: "pictures" }, this.before.element, this.after.element);
    const middle = el("div", { class: "middle" }, pictures, slice);
    const nav = el("nav", { "aria-label": "Steps" }, this.list);
    this.element = el("section", { class: "walkthrough", "aria-label": "Walkthrough" }, nav, middle, this.words);
  }

  /** The picture after the step at hand. */
  get picture(): HTMLCanvasElement {
    return this.after.canvas;
  }

  /** Takes what a run has found, and shows it if it is in view. */
  refresh(summary: CaseSummary | undefined): void {
    this.summary = summary;
    this.wanted = "";
    if (this.element.isConnected) void this.show();
  }

  /** Goes to another slice. */
  moveTo(z: number): void {
    if (z === this.z) return;
    this.z = z;
    this.slider.value = String(z);
    if (this.element.isConnected) void this.show();
  }

  /** Shows the step at hand. */
  async show(): Promise<void> {
    this.drawList();
    this.position.textContent = `${this.z + 1} / ${Number(this.slider.max) + 1}`;
    if (this.summary === undefined) {
      this.drawWords(undefined);
      return;
    }
    this.wanted = `${this.step} ${this.z}`;
    if (this.asking) return;
    this.asking = true;
    let shown = "";
    try {
      while (shown !== this.wanted) {
        shown = this.wanted;
        await this.showPictures(this.step, this.z);
      }
    } finally {
      this.asking = false;
    }
  }

  private async showPictures(step: Step, z: number): Promise<void> {
    const earlier = STEPS[STEPS.indexOf(step) - 1];
    const picture = await this.engine.call("picture", { step, z });
    const before = earlier && (await this.engine.call("picture", { step: earlier, z }));
    this.before.show(before, earlier === undefined ? "nothing yet" : TEXTS[earlier].title);
    this.after.show(picture, TEXTS[step].title);
    this.drawWords(legend(picture, TEXTS[step].legend, CLASSES));
    this.element.dataset["shown"] = `${step} ${z}`;
  }

  private drawList(): void {
    const items = STEPS.map((step) => {
      const isCurrent = step === this.step;
      const go = button(
        TEXTS[step].title,
        () => {
          this.step = step;
          void this.show();
          this.list.querySelector<HTMLElement>("[aria-current]")?.focus();
        },
        { "aria-current": isCurrent ? "step" : undefined, "data-step": step },
      );
      return el("li", {}, go);
    });
    this.list.replaceChildren(...items);
    const current = this.list.querySelector<HTMLElement>("[aria-current]");
    // Only the list itself may scroll, never the page.
    if (current !== null) this.list.scrollTo({ left: current.offsetLeft - 24 });
  }

  private drawWords(colours: HTMLElement | undefined): void {
    const { title, what, why, stage } = TEXTS[this.step];
    const spent = this.summary?.milliseconds[stage];
    const time = spent === undefined ? "" : `Part of \u201c${stage}\u201d, ${formatNumber(spent)} ms`;
    const fields = PARAMETERS.filter((parameter) => parameter.step === this.step).map((p) => this.field(p));
    const form = fields.length === 0 ? [] : [el("h3", {}, "Parameters"), el("div", { class: "parameters" }, ...fields)];
    this.words.replaceChildren(
      el("h2", {}, title),
      el("p", {}, what),
      el("p", { class: "quiet" }, why),
      ...(colours === undefined ? [] : [colours]),
      ...form,
      el("p", { class: "time" }, time),
    );
  }

  private field(parameter: Parameter): HTMLElement {
    const { label, unit, min, max, by } = parameter;
    const value = readParameter(this.parameters, parameter);
    const usual = readParameter(PROFILES.grt123, parameter);
    const input = el("input", { type: "number", min, max, step: "any", value, "data-path": parameter.path.join(".") });
    input.step = String(by);
    input.addEventListener("change", () => {
      const given = input.valueAsNumber;
      if (!Number.isFinite(given) || given < min || given > max) {
        input.value = String(readParameter(this.parameters, parameter));
        return;
      }
      this.parameters = changeParameter(this.parameters, parameter, given);
      this.events.onParameters(this.parameters);
    });
    const isUsual = value === usual;
    const reset = button(
      isUsual ? "default" : `default ${usual}`,
      () => {
        this.parameters = changeParameter(this.parameters, parameter, usual);
        this.events.onParameters(this.parameters);
      },
      { class: "default", disabled: isUsual, "aria-label": `Set ${label} to its default, ${usual}` },
    );
    const named = el("label", {}, el("span", {}, label), input, el("small", {}, unit));
    return el("div", { class: "parameter" }, named, reset);
  }
}
