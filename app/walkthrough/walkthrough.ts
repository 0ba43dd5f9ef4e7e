import type { Triple } from "pleura";
import {
  type CaseSummary,
  CLASSES,
  type Cut,
  type RunParameters,
  type ScanSummary,
  STEPS,
  type Step,
} from "pleura/worker";
import { button, el } from "../dom.ts";
import type { Engine } from "../engine.ts";
import { SlicePicker } from "./slice-picker.ts";
import { legend, StepCanvas } from "./step-canvas.ts";
import { stepWords } from "./step-words.ts";
import { TEXTS } from "./texts.ts";

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
    pictures.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        if (event.deltaY !== 0) this.slice.step(event.deltaY > 0 ? -1 : 1);
      },
      { passive: false },
    );
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

  /** Takes what a run has found, and shows it if it is in view. */
  refresh(summary: CaseSummary | undefined): void {
    this.summary = summary;
    this.wanted = "";
    if (this.element.isConnected) void this.show();
  }

  /** Goes to another slice. */
  moveTo(cursor: Triple): void {
    this.slice.moveTo(cursor);
    if (this.element.isConnected) void this.show();
  }

  /** Shows the step at hand. */
  async show(): Promise<void> {
    this.markCurrent();
    if (this.summary === undefined) {
      for (const picture of [this.before, this.after]) picture.show(undefined, "");
      this.drawWords(undefined);
      return;
    }
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
    const picture = await this.engine.call("picture", { step, ...cut });
    if (earlier !== undefined) {
      this.before.show(await this.engine.call("picture", { step: earlier, ...cut }), TEXTS[earlier].title);
      // Stored values are Hounsfield units times a slope: in grey both look the same.
    } else this.before.show({ ...picture, step: "disc" }, "Stored values");
    this.after.show(picture, TEXTS[step].title);
    this.drawWords(legend(picture, TEXTS[step].legend, CLASSES));
    this.element.dataset["shown"] = `${step} ${cut.plane} ${cut.index}`;
  }

  private key(): string {
    const { plane, index } = this.slice.cut;
    return `${this.step} ${plane} ${index}`;
  }

  private stepButton(step: Step): HTMLButtonElement {
    const go = (): void => {
      this.step = step;
      void this.show();
    };
    return button(TEXTS[step].title, go, { "data-step": step });
  }

  private markCurrent(): void {
    for (const item of this.list.querySelectorAll<HTMLElement>("[data-step]")) {
      const isCurrent = item.dataset["step"] === this.step;
      if (isCurrent) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
      // Only the list itself may scroll, never the page.
      if (isCurrent) this.list.scrollTo({ left: item.offsetLeft - 24 });
    }
  }

  private drawWords(colours: HTMLElement | undefined): void {
    const words = stepWords(this.step, this.summary, colours, this.parameters, (parameters) => {
      this.parameters = parameters;
      this.events.onParameters(parameters);
    });
    const focused = this.words.contains(document.activeElement) ? document.activeElement : null;
    this.words.replaceChildren(...words);
    // Whoever was at a parameter stays there.
    const path = focused?.getAttribute("data-path");
    if (path != null) this.words.querySelector<HTMLElement>(`${focused!.tagName}[data-path="${path}"]`)?.focus();
  }
}
