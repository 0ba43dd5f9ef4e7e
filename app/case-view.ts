import { type CaseSummary, PROFILES, type RunParameters, type SavedFile, type ScanSummary } from "pleura/worker";
import { button, el } from "./dom.ts";
import type { Engine } from "./engine.ts";
import { numbersPanel } from "./numbers.ts";
import { canvasPng, download } from "./save.ts";
import { seriesList } from "./series-list.ts";
import { Viewer } from "./viewer/viewer.ts";
import { Walkthrough } from "./walkthrough/walkthrough.ts";

const FILES: readonly (readonly [file: SavedFile, label: string])[] = [
  ["clean", "clean.npy"],
  ["label", "label.npy"],
  ["lungs", "Lungs, NIfTI"],
  ["surface", "Surface, STL"],
  ["manifest", "Manifest, JSON"],
];

type Tab = "viewer" | "walkthrough";

/** A scan that was run: the viewer, the walkthrough, the numbers, and what can be saved. */
export class CaseView {
  readonly element: HTMLElement;
  /** Buttons for the page's head. */
  readonly actions: HTMLElement;
  private readonly viewer: Viewer;
  private readonly walkthrough: Walkthrough;
  private readonly numbers = el("div", { class: "side", role: "region", "aria-label": "Numbers", tabindex: 0 });
  private readonly notice = el("p", { class: "trouble", role: "alert", hidden: true });
  private readonly main = el("div", { class: "main" });
  private readonly tabs = el("div", { class: "group", role: "group", "aria-label": "View" });
  private tab: Tab = "viewer";

  constructor(
    private readonly scan: ScanSummary,
    private readonly engine: Engine,
    onSeries: (seriesUid: string) => void,
  ) {
    this.viewer = new Viewer(scan, engine, ([z]) => this.walkthrough.moveTo(z));
    this.walkthrough = new Walkthrough(scan, engine, PROFILES.grt123, {
      onParameters: (parameters) => void this.run(parameters),
      onSlice: (z) => this.viewer.moveTo([z, this.viewer.state.cursor[1], this.viewer.state.cursor[2]]),
    });
    this.actions = el("div", { class: "actions" }, this.tabs, this.saveMenu());
    const choice = scan.stacks.length > 1 ? [seriesList(scan, onSeries)] : [];
    this.element = el("div", { class: "case" }, ...choice, this.notice, this.main, this.numbers);
    this.open("viewer");
  }

  /** Runs the pipeline and shows what it found. */
  async run(parameters: RunParameters = PROFILES.grt123): Promise<void> {
    const summary = await this.engine.call("run", parameters).catch((error) => {
      // Another run has begun and will be shown.
      if (error.code === "aborted") return undefined;
      this.notice.textContent = error.message;
      this.notice.hidden = false;
      this.element.dataset["run"] = "failed";
      this.walkthrough.refresh(undefined);
      void this.viewer.refreshSlices();
      return undefined;
    });
    if (summary !== undefined) await this.show(summary);
  }

  /** Frees what the views hold. */
  close(): void {
    this.viewer.close();
  }

  private async show(summary: CaseSummary): Promise<void> {
    this.notice.hidden = true;
    this.numbers.replaceChildren(numbersPanel(this.scan, summary));
    this.walkthrough.refresh(summary);
    await this.viewer.refresh();
    this.element.dataset["run"] = "done";
  }

  private open(tab: Tab): void {
    this.tab = tab;
    const names: readonly (readonly [Tab, string])[] = [
      ["viewer", "Viewer"],
      ["walkthrough", "Walkthrough"],
    ];
    this.tabs.replaceChildren(
      ...names.map(([name, label]) => button(label, () => this.open(name), { "aria-pressed": String(name === tab) })),
    );
    this.main.replaceChildren(this[tab].element);
    if (tab === "walkthrough") void this.walkthrough.show();
  }

  private saveMenu(): HTMLElement {
    const items = FILES.map(([file, label]) => button(label, () => void this.save(file), { "data-file": file }));
    const picture = button("Picture, PNG", () => void this.savePicture(), { "data-file": "picture" });
    const menu = el("details", { class: "menu" }, el("summary", {}, "Save"), el("div", {}, ...items, picture));
    menu.addEventListener("click", (event) => {
      if (event.target instanceof HTMLButtonElement) menu.open = false;
    });
    return menu;
  }

  private async save(file: SavedFile): Promise<void> {
    const { name, bytes } = await this.engine.call("save", { file });
    download(name, new Blob([bytes as Uint8Array<ArrayBuffer>]));
  }

  private async savePicture(): Promise<void> {
    download(`${this.scan.name}_${this.tab}.png`, await canvasPng(this[this.tab].picture));
  }
}
