import {
  type CaseSummary,
  PROFILES,
  type RunParameters,
  type SavedFile,
  type ScanSummary,
  type SessionError,
  type Step,
} from "pleura/worker";
import { ChangedParameters } from "./changed-parameters.ts";
import { button, el, toggleGroup } from "./dom.ts";
import type { Engine } from "./engine.ts";
import { Findings } from "./findings.ts";
import { NodulesPanel } from "./nodules-panel.ts";
import { numbersPanel, scanTable } from "./numbers.ts";
import { canvasPng, download } from "./save.ts";
import { type SeriesWish, seriesList } from "./series-list.ts";
import { Viewer } from "./viewer/viewer.ts";
import { stepName, withoutStage } from "./walkthrough/step-words.ts";
import { Walkthrough } from "./walkthrough/walkthrough.ts";

const FILES: readonly (readonly [file: SavedFile, label: string])[] = [
  ["clean", "clean.npy"],
  ["label", "label.npy"],
  ["lungs", "Lungs, NIfTI"],
  ["surface", "Surface, STL"],
  ["glb", "Surfaces, glTF"],
  ["seg", "Lungs, DICOM SEG"],
  ["rtstruct", "Lungs, DICOM RTSTRUCT"],
  ["nodules", "Nodules, JSON"],
  ["manifest", "Manifest, JSON"],
  ["parameters", "Parameters, JSON"],
];

/** Files that refer to the scan's DICOM images. */
const OBJECTS: readonly string[] = ["seg", "rtstruct"] satisfies SavedFile[];

type Tab = "viewer" | "walkthrough";

const TABS: readonly (readonly [Tab, string])[] = [
  ["viewer", "Viewer"],
  ["walkthrough", "Walkthrough"],
];

/** A scan that was run: the viewer, the walkthrough, the numbers, and what can be saved. */
export class CaseView {
  readonly element: HTMLElement;
  /** Buttons for the page's head. */
  readonly actions: HTMLElement;
  private readonly viewer: Viewer;
  private readonly walkthrough: Walkthrough;
  private readonly nodules: NodulesPanel;
  private readonly numbers = el("div", { class: "side", role: "region", "aria-label": "Numbers", tabindex: 0 });
  private readonly findings = new Findings();
  private readonly changed = new ChangedParameters(
    ({ step }) => this.goTo(step),
    () => void this.run(),
  );
  private readonly notice = el("div", { class: "trouble", role: "alert", hidden: true });
  /** Buttons for the files that only a whole run gives. */
  private readonly files = FILES.map(([file, label]) =>
    button(label, () => void this.save(file), { "data-file": file }),
  );
  private readonly tabs: HTMLElement;
  private readonly main = el("div", { class: "main" });
  private tab: Tab = "viewer";

  constructor(
    private readonly scan: ScanSummary,
    private readonly engine: Engine,
    onSeries: (wish: SeriesWish) => void,
  ) {
    this.viewer = new Viewer(scan, engine, (cursor) => this.walkthrough.moveTo(cursor));
    this.walkthrough = new Walkthrough(scan, this.viewer.state.cursor, engine, PROFILES.grt123, {
      onParameters: (parameters) => void this.run(parameters),
      onCursor: (cursor) => this.viewer.moveTo(cursor),
    });
    this.nodules = new NodulesPanel(engine, {
      onNodules: (nodules) => this.viewer.mark(nodules),
      onGo: ({ centre }) => {
        if (this.tab !== "viewer") this.open("viewer");
        this.viewer.goTo(centre);
      },
    });
    this.tabs = toggleGroup("View", TABS, this.tab, (tab) => this.open(tab));
    this.actions = el("div", { class: "actions" }, this.tabs, this.saveMenu());
    const { notice, changed, findings, main, numbers } = this;
    this.element = el(
      "div",
      { class: "case" },
      notice,
      changed.element,
      findings.element,
      ...choice(scan, onSeries),
      main,
      numbers,
    );
    findings.show(scan.findings);
    this.open("viewer");
  }

  /**
   * Runs the pipeline and shows what it found, or why it found nothing.
   *
   * @returns what was found
   */
  async run(parameters: RunParameters = PROFILES.grt123): Promise<CaseSummary | undefined> {
    this.element.dataset["run"] = "running";
    this.walkthrough.begin(parameters);
    this.changed.show(parameters);
    const summary = await this.engine.call("run", parameters).catch((error: SessionError) => {
      // Another run has begun and will be shown.
      if (error.code !== "aborted") this.fail(error);
      return undefined;
    });
    if (summary !== undefined) await this.show(summary);
    return summary;
  }

  /** Frees what the views hold. */
  close(): void {
    this.viewer.close();
  }

  private async show(summary: CaseSummary): Promise<void> {
    this.notice.hidden = true;
    this.findings.show(summary.findings, summary.quality);
    const panel = numbersPanel(this.scan, summary);
    panel.append(this.nodules.element);
    this.numbers.replaceChildren(panel);
    void this.nodules.show();
    for (const item of this.files) item.disabled = OBJECTS.includes(item.dataset["file"]!) && !this.scan.hasOrigin;
    this.walkthrough.finish(summary);
    await this.viewer.refresh(summary.inLung);
    this.element.dataset["run"] = "done";
  }

  /** Says at which step the run failed and why; what the steps before it found stays. */
  private fail(error: SessionError): void {
    const { step } = error;
    const at = step === undefined ? error.message : `Failed at ${stepName(step)}. ${withoutStage(error)}`;
    this.notice.replaceChildren(at, ...(step === undefined ? [] : [button("Show this step", () => this.goTo(step))]));
    this.notice.hidden = false;
    this.findings.show(this.scan.findings);
    this.numbers.replaceChildren(el("div", { class: "numbers" }, scanTable(this.scan)));
    for (const item of this.files) item.disabled = item.dataset["file"] !== "parameters";
    this.walkthrough.fail(error);
    this.viewer.clear();
    this.element.dataset["run"] = "failed";
  }

  private goTo(step: Step): void {
    this.walkthrough.goTo(step);
    if (this.tab !== "walkthrough") this.tabs.querySelector<HTMLElement>('[data-value="walkthrough"]')!.click();
  }

  private open(tab: Tab): void {
    this.tab = tab;
    this.element.dataset["tab"] = tab;
    this.main.replaceChildren(this[tab].element);
    if (tab === "viewer") {
      this.element.append(this.numbers);
      this.viewer.follow();
    } else {
      // Beside the pictures there is one column only: the numbers go below the words.
      this.walkthrough.aside.append(this.numbers);
      void this.walkthrough.show();
    }
  }

  private saveMenu(): HTMLElement {
    const picture = button("Picture, PNG", () => void this.savePicture(), { "data-file": "picture" });
    const panes = button("All panes, PNG", () => void this.savePanes(), { "data-file": "panes" });
    const summary = el("summary", {}, "Save");
    const menu = el("details", { class: "menu" }, summary, el("div", {}, ...this.files, picture, panes));
    const close = (): void => {
      menu.open = false;
    };
    menu.addEventListener("click", ({ target }) => target instanceof HTMLButtonElement && close());
    menu.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || !menu.open) return;
      close();
      summary.focus();
    });
    // Anything else that is pressed or gone to closes it.
    menu.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) close();
    });
    const closeFromOutside = ({ target }: Event): void => {
      if (target instanceof Node && !menu.contains(target)) close();
    };
    menu.addEventListener("toggle", () => {
      if (menu.open) document.addEventListener("pointerdown", closeFromOutside);
      else document.removeEventListener("pointerdown", closeFromOutside);
    });
    return menu;
  }

  private async save(file: SavedFile): Promise<void> {
    const { name, bytes } = await this.engine.call("save", { file });
    download(name, new Blob([bytes as Uint8Array<ArrayBuffer>]));
  }

  private async savePanes(): Promise<void> {
    if (this.tab !== "viewer") this.open("viewer");
    download(`${this.scan.name}_panes.png`, await canvasPng(this.viewer.allPanes()));
  }

  private async savePicture(): Promise<void> {
    download(`${this.scan.name}_${this.tab}.png`, await canvasPng(this[this.tab].picture));
  }
}

/** The other series, folded away, when there are any. */
function choice({ stacks }: ScanSummary, onSeries: (wish: SeriesWish) => void): HTMLElement[] {
  if (stacks.length < 2) return [];
  const summary = el("summary", {}, `${stacks.length} series lie here`);
  return [el("details", { class: "choice" }, summary, seriesList(stacks, onSeries))];
}
