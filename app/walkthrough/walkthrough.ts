import type { Triple } from "pleura";
import {
  type CaseSummary,
  CLASSES,
  type Cut,
  type RunParameters,
  type ScanSummary,
  SessionError,
  STEP_TEXTS,
  STEPS,
  type Step,
  type StepPicture,
} from "pleura/worker";
import { button, el } from "../dom.ts";
import type { Engine } from "../engine.ts";
import { listenToTouch, listenToWheel } from "../slice-gestures.ts";
import { changedParameters } from "./parameters.ts";
import { SlicePicker } from "./slice-picker.ts";
import { legend, StepCanvas } from "./step-canvas.ts";
import { stepName, stepWords, timeOf } from "./step-words.ts";

/** What the walkthrough asks of the page. */
export interface WalkthroughEvents {
  readonly onParameters: (parameters: RunParameters) => void;
  readonly onCursor: (cursor: Triple) => void;
}

/** The steps one after the other, each with what it does, why, with what, and what came of it. */
export class Walkthrough {
  readonly element: HTMLElement;
  /** Column of words, under which there is room for more. */
  readonly aside: HTMLElement;
  private readonly list = el("ol", { class: "steps" });
  private readonly words = el("div", { class: "words" });
  private readonly before = new StepCanvas("Before");
  private readonly after = new StepCanvas("After");
  private readonly slice: SlicePicker;
  private step: Step = "threshold";
  private summary: CaseSummary | undefined;
  private failure: SessionError | undefined;
  private isRunning = false;
  private run = 0;
  private asking = false;
  private wanted = "";

  constructor(
    { shape }: ScanSummary,
    cursor: Triple,
    private readonly engine: Engine,
    private parameters: RunParameters,
    private readonly events: WalkthroughEvents,
  ) {
    this.slice = new SlicePicker(shape, cursor, (to) => {
      this.events.onCursor(to);
      void this.show();
    });
    const pictures = el("div", { class: "pictures" }, this.before.element, this.after.element);
    const step = (by: number): void => this.slice.step(by);
    listenToWheel(pictures, step);
    for (const { canvas } of [this.before, this.after]) listenToTouch(canvas, { isOn: () => true, onSteps: step });
    const middle = el("div", { class: "middle" }, pictures, this.slice.element);
    this.list.append(...STEPS.map((step) => el("li", {}, this.stepButton(step))));
    const nav = el("nav", { "aria-label": "Steps" }, this.list);
    this.aside = el("div", { class: "aside", role: "region", "aria-label": "The step", tabindex: 0 }, this.words);
    this.element = el("section", { class: "walkthrough", "aria-label": "Walkthrough" }, nav, middle, this.aside);
  }

  /** The picture after the step at hand. */
  get picture(): HTMLCanvasElement {
    return this.after.canvas;
  }

  /** A run has begun: what is there stays until its results come. */
  begin(parameters: RunParameters): void {
    this.parameters = parameters;
    this.isRunning = true;
    this.refresh();
  }

  /** Takes what a run has found, and shows it if it is in view. */
  finish(summary: CaseSummary): void {
    this.isRunning = false;
    this.summary = summary;
    this.failure = undefined;
    this.refresh();
  }

  /** Takes why a run failed, and at which step: the steps before it stay. */
  fail(failure: SessionError): void {
    this.isRunning = false;
    this.summary = undefined;
    this.failure = failure;
    this.refresh();
  }

  /** Goes to a step. */
  goTo(step: Step): void {
    this.step = step;
    // Its words are read from their beginning.
    this.aside.scrollTop = 0;
    if (this.element.isConnected) void this.show();
  }

  private refresh(): void {
    this.run++;
    if (this.element.isConnected) void this.show();
  }

  /** Goes to another slice. */
  moveTo(cursor: Triple): void {
    this.slice.moveTo(cursor);
    if (this.element.isConnected) void this.show();
  }

  /** Shows the step at hand, once the run has come to it. */
  async show(): Promise<void> {
    this.markSteps();
    this.element.setAttribute("aria-busy", String(this.isRunning));
    this.wanted = this.key();
    // One question at a time; whatever was wanted last is asked next.
    if (this.asking) return;
    this.asking = true;
    let shown = "";
    try {
      while (shown !== this.wanted) {
        shown = this.wanted;
        await this.showPictures(this.step, this.slice.cut);
      }
    } finally {
      this.asking = false;
    }
  }

  private async showPictures(step: Step, cut: Cut): Promise<void> {
    const earlier = STEPS[STEPS.indexOf(step) - 1];
    const picture = await this.pictureOf(step, cut);
    const before = earlier === undefined ? undefined : await this.pictureOf(earlier, cut);
    if (earlier !== undefined) this.before.show(before, STEP_TEXTS[earlier].title, this.reason(earlier));
    // Stored values are Hounsfield units times a slope: in grey both look the same.
    else this.before.show(picture && { ...picture, step: "disc" }, "Stored values");
    this.after.show(picture, STEP_TEXTS[step].title, this.reason(step));
    this.drawWords(picture && legend(picture, STEP_TEXTS[step].legend, CLASSES));
    this.element.dataset["shown"] = `${step} ${cut.plane} ${cut.index}`;
  }

  /** A step's picture, or `undefined` when the run failed before there was one. */
  private async pictureOf(step: Step, cut: Cut): Promise<StepPicture | undefined> {
    try {
      return await this.engine.call("picture", { step, ...cut });
    } catch (error) {
      // The run itself tells of it, once for the whole page.
      if (error instanceof SessionError && this.hasFailed(step, error)) return undefined;
      throw error;
    }
  }

  private hasFailed(step: Step, { message }: SessionError): boolean {
    return this.outcome(step) !== "done" || message === this.failure?.message || this.isRunning;
  }

  /** How far the last run came with a step. */
  private outcome(step: Step): "done" | "failed" | "not reached" {
    const failed = this.failure?.step;
    if (failed === undefined || this.isRunning) return "done";
    const further = STEPS.indexOf(step) - STEPS.indexOf(failed);
    return further < 0 ? "done" : further === 0 ? "failed" : "not reached";
  }

  /** What is said where a picture is missing. */
  private reason(step: Step): string {
    const failed = this.failure?.step;
    return failed === undefined || failed === step ? "This step failed." : `Not reached: ${stepName(failed)} failed.`;
  }

  /** What is to be shown, and of which run. */
  private key(): string {
    const { plane, index } = this.slice.cut;
    return `${this.step} ${plane} ${index} ${this.run}`;
  }

  private stepButton(step: Step): HTMLButtonElement {
    const made = button("", () => this.goTo(step), { "data-step": step });
    made.append(el("span", {}, STEP_TEXTS[step].title), el("span", { class: "spoken" }));
    return made;
  }

  private markSteps(): void {
    const changed = new Set(changedParameters(this.parameters).map(({ step }) => step));
    for (const item of this.list.querySelectorAll<HTMLElement>("[data-step]")) {
      const isCurrent = item.dataset["step"] === this.step;
      if (isCurrent) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      const outcome = this.outcome(item.dataset["step"] as Step);
      item.dataset["outcome"] = outcome;
      const isChanged = changed.has(item.dataset["step"] as Step);
      item.toggleAttribute("data-changed", isChanged);
      item.lastElementChild!.textContent = `${outcome === "done" ? "" : `, ${outcome}`}${isChanged ? ", changed" : ""}`;
      // Only the list itself may scroll, never the page.
      if (isCurrent) this.list.scrollTo({ left: item.offsetLeft - 24 });
    }
  }

  private drawWords(colours: HTMLElement | undefined): void {
    const failure = this.outcome(this.step) === "failed" ? this.failure : undefined;
    const time = this.isRunning ? "Computing \u2026" : timeOf(this.step, this.summary);
    const words = stepWords(this.step, { colours, time, failure, parameters: this.parameters }, (parameters) =>
      this.events.onParameters(parameters),
    );
    const focused = this.words.contains(document.activeElement) ? document.activeElement : null;
    this.words.replaceChildren(...words);
    // Whoever was at a parameter stays there.
    const path = focused?.getAttribute("data-path");
    if (path != null) this.words.querySelector<HTMLElement>(`${focused!.tagName}[data-path="${path}"]`)?.focus();
  }
}
