import { el, select } from "../dom.ts";
import { levelOf, WINDOWS, type Window, widthOf, windowName, windowOf } from "./windows.ts";

const CUSTOM = "Custom";

/** The window by name, and by level and width, which can be typed. */
export class WindowFields {
  readonly elements: readonly HTMLElement[];
  private readonly names: HTMLSelectElement;
  private readonly level = numberField("Window level, HU");
  private readonly width = numberField("Window width, HU");

  constructor(window: Window, onChange: (window: Window) => void) {
    const names = select(
      "Window",
      [...Object.keys(WINDOWS), CUSTOM].map((name) => [name, name] as const),
      (name) => {
        const chosen = WINDOWS[name];
        if (chosen === undefined) return;
        this.show(chosen);
        onChange(chosen);
      },
    );
    this.names = names.list;
    const typed = (): void => {
      if (!this.level.reportValidity() || !this.width.reportValidity()) return;
      const made = windowOf(Number(this.level.value), Number(this.width.value));
      this.show(made);
      onChange(made);
    };
    for (const field of [this.level, this.width]) field.addEventListener("change", typed);
    this.elements = [
      names.field,
      el("label", { class: "field" }, el("span", {}, "Level"), this.level),
      el("label", { class: "field" }, el("span", {}, "Width"), this.width),
    ];
    this.show(window);
  }

  /** Shows a window that was chosen elsewhere. */
  show(window: Window): void {
    this.names.value = windowName(window) ?? CUSTOM;
    this.level.value = String(Math.round(levelOf(window)));
    this.width.value = String(Math.round(widthOf(window)));
  }
}

function numberField(label: string): HTMLInputElement {
  return el("input", { type: "number", step: 1, required: true, class: "hu", "aria-label": label });
}
