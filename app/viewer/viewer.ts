import { indexToPatient, type Triple } from "pleura";
import { MASK_LABELS, type MaskName, RUN_MASKS, type ScanSummary } from "pleura/worker";
import { button, el, formatNumber, select, toggleGroup } from "../dom.ts";
import type { Engine } from "../engine.ts";
import type { MarkedNodule } from "../nodules-panel.ts";
import { clampIndex } from "./geometry.ts";
import type { Measurement, Tool } from "./measure.ts";
import { PlaneView } from "./plane-view.ts";
import type { ViewState } from "./state.ts";
import { SurfaceView } from "./surface-view.ts";
import { WindowFields } from "./window-fields.ts";
import { WINDOWS, type Window } from "./windows.ts";

/** A voxel under the pointer. */
type Hovered = { readonly index: Triple; readonly value: number };

const OVERLAYS: readonly (readonly [MaskName, string])[] = [
  ["lungs", "Lungs, right and left"],
  ...RUN_MASKS.map((mask) => [mask, MASK_LABELS[mask]] as const),
  ["bones", "Bones"],
];
const TOOLS: readonly (readonly [Tool, string])[] = [
  ["crosshair", "Crosshair"],
  ["distance", "Distance"],
  ["area", "Area"],
];

/** Three planes that cross at one voxel, and the surfaces in space. */
export class Viewer {
  readonly element: HTMLElement;
  readonly state: ViewState;
  private readonly planes: readonly PlaneView[];
  private readonly surfaces: SurfaceView;
  private readonly readOut = el("output", { class: "read-out", "aria-live": "off" });
  /** What was last measured, also for those who hear it. */
  private readonly measurement = el("output", { class: "measured" });
  private readonly windows: WindowFields;
  private last: HTMLCanvasElement;
  /** Whether the user has moved the crosshair; until then it goes to the lungs that a run finds. */
  private moved = false;
  private hovered: Hovered | undefined;

  constructor(
    scan: ScanSummary,
    engine: Engine,
    private readonly onCursor: (cursor: Triple) => void,
  ) {
    const cursor = scan.shape.map((n) => Math.floor(n / 2)) as unknown as Triple;
    this.state = {
      scan,
      cursor,
      window: WINDOWS["Lung"]!,
      overlay: "lungs",
      opacity: 0.3,
      tool: "crosshair",
      measurements: [],
      nodules: [],
    };
    const events = {
      onCursor: (to: Triple) => {
        this.moved = true;
        this.moveTo(to);
      },
      onHover: (at: Hovered | undefined) => {
        this.hovered = at;
        this.tell();
      },
      onMeasured: (made: Measurement, text: string) => this.measured(made, text),
      onWindow: (window: Window) => {
        this.windows.show(window);
        this.setWindow(window);
      },
    };
    this.planes = (["axial", "coronal", "sagittal"] as const).map((p) => new PlaneView(p, this.state, engine, events));
    this.surfaces = new SurfaceView(engine);
    this.last = this.planes[0]!.canvas;
    const views = [...this.planes, this.surfaces];
    for (const { canvas } of views) canvas.addEventListener("focus", () => (this.last = canvas));
    this.windows = new WindowFields(this.state.window, (window) => this.setWindow(window));
    const grid = el("div", { class: "views" }, ...views.map(({ element }) => element));
    this.element = el("section", { class: "viewer", "aria-label": "Viewer" }, this.toolbar(), grid, this.readOut);
    this.tell();
  }

  /** The picture that was last worked with. */
  get picture(): HTMLCanvasElement {
    return this.last;
  }

  /** All panes as one picture, as they lie on the page. */
  allPanes(): HTMLCanvasElement {
    const canvases = [...this.planes, this.surfaces].map(({ canvas }) => canvas).filter((one) => one.isConnected);
    const boxes = canvases.map((canvas) => canvas.getBoundingClientRect());
    const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
    const [right, bottom] = [Math.max(...boxes.map((box) => box.right)), Math.max(...boxes.map((box) => box.bottom))];
    const whole = el("canvas", {
      width: Math.round((right - left) * devicePixelRatio),
      height: Math.round((bottom - top) * devicePixelRatio),
    });
    const context = whole.getContext("2d")!;
    context.fillRect(0, 0, whole.width, whole.height);
    context.scale(devicePixelRatio, devicePixelRatio);
    for (const [i, { x, y, width, height }] of boxes.entries()) {
      context.drawImage(canvases[i]!, x - left, y - top, width, height);
    }
    return whole;
  }

  /**
   * Shows what a run has found: the slices at once, the surfaces when they are made.
   *
   * @param inLung - a voxel of a lung, where the crosshair begins
   */
  async refresh(inLung: Triple): Promise<void> {
    if (!this.moved) {
      this.state.cursor = inLung;
      this.onCursor(inLung);
    }
    await this.refreshSlices();
    void this.surfaces.refresh();
  }

  /** Shows the slices without masks, and nothing in space. */
  clear(): void {
    void this.refreshSlices();
    void this.surfaces.clear();
  }

  /** Shows the slices anew, with the masks if there are any. */
  private async refreshSlices(): Promise<void> {
    for (const plane of this.planes) plane.forget();
    await Promise.all(this.planes.map((plane) => plane.refresh()));
    this.tell();
  }

  /** Moves the crossing of the planes. */
  moveTo(cursor: Triple): void {
    this.state.cursor = cursor;
    this.follow();
    this.onCursor(cursor);
  }

  /** Moves the crossing of the planes to a place, or to the voxel of the scan that is nearest to it. */
  goTo(place: Triple): void {
    this.moved = true;
    this.moveTo(clampIndex(place, this.state.scan.shape));
  }

  /** Marks nodules in the slices. */
  mark(nodules: readonly MarkedNodule[]): void {
    this.state.nodules = nodules;
    this.draw();
  }

  /** Shows where the planes cross now; nothing while it is out of sight. */
  follow(): void {
    if (!this.element.isConnected) return;
    for (const plane of this.planes) {
      plane.draw();
      void plane.refresh().then(() => this.tell());
    }
    this.tell();
  }

  /** Frees what the graphics card holds. */
  close(): void {
    void this.surfaces.close();
  }

  private toolbar(): HTMLElement {
    const { state } = this;
    const overlays = select("Mask", OVERLAYS, (overlay) => {
      state.overlay = overlay;
      for (const plane of this.planes) void plane.refresh();
      void this.surfaces.setStage(overlay);
    });
    const opacity = el("input", { type: "range", min: 0, max: 0.6, step: 0.05, value: state.opacity });
    opacity.addEventListener("input", () => {
      state.opacity = Number(opacity.value);
      this.draw();
    });
    const tools = toggleGroup("Pointer", TOOLS, state.tool, (tool) => {
      state.tool = tool;
    });
    const clear = button(
      "Clear",
      () => {
        state.measurements = [];
        this.measurement.textContent = "";
        this.draw();
      },
      { "aria-label": "Clear measurements" },
    );
    const fits = el(
      "div",
      { class: "group", role: "group", "aria-label": "Fit" },
      button("Fit body", () => this.fit("body")),
      button("Fit slice", () => this.fit("whole")),
    );
    const faintness = el("label", { class: "field" }, el("span", {}, "Opacity"), opacity);
    return el(
      "div",
      { class: "toolbar" },
      ...this.windows.elements,
      overlays.field,
      faintness,
      fits,
      tools,
      clear,
      this.measurement,
    );
  }

  private setWindow(window: Window): void {
    this.state.window = window;
    this.draw();
  }

  private fit(what: "body" | "whole"): void {
    for (const plane of this.planes) plane.fit(what);
  }

  private draw(): void {
    for (const plane of this.planes) plane.draw();
  }

  private measured(made: Measurement, text: string): void {
    this.state.measurements.push(made);
    this.measurement.textContent = text;
    this.draw();
  }

  /** Tells the value and the place under the pointer; while it is elsewhere, those at the crosshair. */
  private tell(): void {
    const index = this.hovered?.index ?? this.state.cursor;
    const value =
      this.hovered?.value ?? this.planes.map((plane) => plane.valueAt(index)).find((hu) => hu !== undefined);
    const [l, p, s] = indexToPatient(this.state.scan.affine, index);
    const millimetres = [
      ["L", l],
      ["P", p],
      ["S", s],
    ] as const;
    this.readOut.replaceChildren(
      el("span", { class: "value" }, value === undefined ? "\u2013 HU" : `${formatNumber(value)} HU`),
      ...millimetres.map(([axis, mm]) => el("span", {}, `${axis} ${formatNumber(mm, 1)} mm`)),
      el("span", { class: "index" }, `voxel ${index.join(", ")}`),
    );
  }
}
