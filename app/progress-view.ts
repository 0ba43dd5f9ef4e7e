import { type Progress, RUN_STAGES, STAGE_TITLES } from "pleura/worker";
import { button, el, formatNumber } from "./dom.ts";

const STAGES = ["read", ...RUN_STAGES] as const;
const NAMES: Readonly<Record<string, string>> = { read: "Read", ...STAGE_TITLES };

/** A bar a stage, and a button that stops it all. */
export class ProgressView {
  readonly element: HTMLElement;
  private readonly bars = new Map<string, { bar: HTMLProgressElement; time: HTMLElement }>();

  constructor(name: string, onCancel: () => void) {
    const rows = STAGES.map((stage) => {
      const bar = el("progress", { max: 1, value: 0, "aria-label": NAMES[stage]! });
      const time = el("span", { class: "time" });
      this.bars.set(stage, { bar, time });
      return el("li", {}, el("span", {}, NAMES[stage]!), bar, time);
    });
    const cancel = button("Cancel", onCancel, { id: "cancel" });
    this.element = el(
      "section",
      { class: "running", "aria-label": "Progress" },
      el("h1", {}, name),
      el("ol", {}, ...rows),
      cancel,
    );
  }

  /** Shows how far a stage is. */
  show({ stage, done, milliseconds }: Progress): void {
    const row = this.bars.get(stage);
    if (row === undefined) return;
    row.bar.value = done;
    if (milliseconds !== undefined) row.time.textContent = `${formatNumber(milliseconds)} ms`;
  }
}
