import type { Triple } from "pleura";
import { PLANE_AXES, type Plane, type ViewSlice } from "pleura/worker";
import { LUNG_COLOURS } from "../colours.ts";
import { el } from "../dom.ts";
import type { Engine } from "../engine.ts";
import { listenToTouch, listenToWheel } from "../slice-gestures.ts";
import { isSpaceHeld } from "../space-key.ts";
import { type Box, bodyBox } from "./body-box.ts";
import { enlargeButton } from "./enlarge.ts";
import { clampIndex, indexToSpot, PLANE_NAMES, type Spot, spotToIndex } from "./geometry.ts";
import { describe, type MeasuredSlice } from "./measure.ts";
import { paintSlice } from "./paint.ts";
import { PlaneFrame } from "./plane-frame.ts";
import { drawCrosshair, drawEdges, drawMeasurement, drawNodule } from "./plane-marks.ts";
import type { ViewEvents, ViewState } from "./state.ts";
import { levelOf, type Window, widthOf, windowOf } from "./windows.ts";
import { type Fitting, panBy, wholeZoom, type Zoom, zoomAbout, zoomToBox } from "./zoom.ts";

const HINT =
  "Arrow keys, Page Up and Page Down go through the slices; with Shift the arrow keys move the crosshair. " +
  "Plus and minus zoom, 0 fits the body, 9 the whole slice. " +
  "With Distance or Area, Enter sets a point at the crosshair. On a touch screen, swipe to go through the slices.";

/** What a key zooms by. */
const KEY_ZOOMS: Readonly<Record<string, number>> = { "+": 1.25, "=": 1.25, "-": 0.8 };
/** Hounsfield units of level or width for a pixel of a drag, as a share of the width, and at least. */
const WINDOW_SHARE = 1 / 400;
const LEAST_WINDOW_STEP = 1;

/** Slices that a key goes on by. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 10,
  PageDown: -10,
  Home: -1e4,
  End: 1e4,
};

/** Pixels that a key with Shift moves the crosshair by. */
const MOVES: Readonly<Record<string, Spot>> = {
  ArrowUp: { column: 0, row: -1 },
  ArrowDown: { column: 0, row: 1 },
  ArrowLeft: { column: -1, row: 0 },
  ArrowRight: { column: 1, row: 0 },
};

/** One of the three slices, on a canvas of its own. */
export class PlaneView {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  private readonly position = el("span", { class: "position" });
  private readonly slider: HTMLInputElement;
  private readonly picture = document.createElement("canvas");
  /** What the picture was painted from. */
  private painted: readonly unknown[] = [];
  /** Where the body is in the first slice that was there, or in the one that was last fitted. */
  private body: Box | undefined;
  /** What is shown: the body or the whole slice as large as it fits, or what the user has zoomed to. */
  private view: "body" | "whole" | Zoom = "body";
  private slice: ViewSlice | undefined;
  private asking = false;
  private wanted = "";
  private shown = "";
  /** Points of a measurement that is being made. */
  private draft: Spot[] | undefined;

  constructor(
    readonly plane: Plane,
    private readonly state: ViewState,
    private readonly engine: Engine,
    private readonly events: ViewEvents,
  ) {
    this.canvas = el("canvas", { tabindex: 0, role: "img", "aria-label": `${PLANE_NAMES[plane]} slice. ${HINT}` });
    const slices = state.scan.shape[PLANE_AXES[plane].fixed];
    this.slider = el("input", { type: "range", min: 1, max: slices, "aria-label": `${PLANE_NAMES[plane]}, slice` });
    this.slider.addEventListener("input", () => this.goToSlice(Number(this.slider.value) - 1));
    const title = el("figcaption", {}, el("span", {}, PLANE_NAMES[plane]), this.slider, this.position);
    this.element = el("figure", { class: `view ${plane}`, "data-plane": plane }, title, this.canvas);
    title.append(enlargeButton(this.element, PLANE_NAMES[plane]));
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    this.listenToPointer();
    this.listenToKeys();
  }

  /** Shows what the state says; asks for the slice when it is another one. */
  async refresh(): Promise<void> {
    const { fixed } = PLANE_AXES[this.plane];
    const index = this.state.cursor[fixed];
    this.position.textContent = `${index + 1} / ${this.state.scan.shape[fixed]}`;
    this.slider.value = String(index + 1);
    this.wanted = `${index} ${this.state.overlay}`;
    // One question at a time; whatever was wanted last is asked next.
    if (this.asking) return;
    this.asking = true;
    try {
      while (this.shown !== this.wanted) {
        const asked = this.wanted;
        const { overlay, cursor } = this.state;
        this.slice = await this.engine.call("slice", { plane: this.plane, index: cursor[fixed], overlay });
        this.shown = asked;
        this.body ??= bodyBox(this.slice);
      }
    } finally {
      this.asking = false;
    }
    this.draw();
  }

  /** Asks for the slice again although its place is the same. */
  forget(): void {
    this.shown = "";
  }

  /** The value at a voxel, if it lies in the slice that is there. */
  valueAt(index: Triple): number | undefined {
    const { slice, plane } = this;
    if (slice?.index !== index[PLANE_AXES[plane].fixed]) return undefined;
    const { column, row } = indexToSpot(plane, index, this.state.scan.shape);
    return slice.values[row * slice.width + column];
  }

  /** Draws what is there. */
  draw(): void {
    const { slice, canvas, picture, state, plane } = this;
    const { clientWidth, clientHeight } = canvas;
    if (slice === undefined || clientWidth === 0) return;
    const frame = this.frame();
    const ratio = devicePixelRatio;
    canvas.width = Math.round(clientWidth * ratio);
    canvas.height = Math.round(clientHeight * ratio);
    this.paint(slice);
    const context = canvas.getContext("2d")!;
    context.scale(ratio, ratio);
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, frame.left, frame.top, frame.width, frame.height);
    drawCrosshair(context, frame, this.cross());
    drawEdges(context, plane, clientWidth, clientHeight);
    const index = state.cursor[PLANE_AXES[plane].fixed];
    const marks = state.measurements.filter((mark) => mark.plane === plane && mark.index === index);
    if (this.draft !== undefined && state.tool !== "crosshair") {
      marks.push({ tool: state.tool, plane, index, spots: this.draft });
    }
    for (const nodule of state.nodules) drawNodule(context, frame, plane, nodule, state.cursor, state.scan);
    for (const mark of marks) drawMeasurement(context, frame, mark, this.measuredSlice());
  }

  /** Shows the body of the slice, or the whole slice, as large as it fits. */
  fit(what: "body" | "whole"): void {
    if (what === "body" && this.slice !== undefined) this.body = bodyBox(this.slice);
    this.view = what;
    this.draw();
  }

  /** Paints the slice's values and mask, unless that is what the picture shows. */
  private paint(slice: ViewSlice): void {
    const { state, picture } = this;
    const from = [slice, state.window, state.opacity];
    if (from.every((one, i) => one === this.painted[i])) return;
    this.painted = from;
    picture.width = slice.width;
    picture.height = slice.height;
    const overlay = { classes: slice.overlay, colours: LUNG_COLOURS, opacity: state.opacity };
    picture.getContext("2d")!.putImageData(paintSlice(slice, state.window, overlay), 0, 0);
  }

  private listenToPointer(): void {
    const { canvas } = this;
    const spotAt = ({ offsetX, offsetY }: MouseEvent): Spot => this.frame().toSpot(offsetX, offsetY);
    listenToWheel(
      canvas,
      (by) => this.step(by),
      (factor, x, y) => this.zoomBy(factor, x, y),
    );
    listenToTouch(canvas, {
      isOn: () => this.state.tool === "crosshair",
      onSteps: (by) => this.step(by),
      onTap: (event) => this.moveCursor(spotAt(event)),
      onPinch: ({ factor, x, y, right, down }) => {
        this.panBy(right, down);
        this.zoomBy(factor, x, y);
      },
    });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    /** What a drag of the mouse does besides the tool: it pans, or changes the window. */
    let drag: "pan" | "window" | undefined;
    /** Fingers go through slices, unless they measure. */
    const isSwipe = ({ pointerType }: PointerEvent): boolean =>
      pointerType === "touch" && this.state.tool === "crosshair";
    canvas.addEventListener("pointerdown", (event) => {
      if (isSwipe(event)) return;
      canvas.setPointerCapture(event.pointerId);
      drag = event.button === 1 || isSpaceHeld() ? "pan" : event.button === 2 ? "window" : undefined;
      if (drag !== undefined) {
        // The middle button would scroll the page by itself.
        event.preventDefault();
        canvas.focus({ preventScroll: true });
      } else if (this.state.tool === "crosshair") this.moveCursor(spotAt(event));
      else this.draft = [spotAt(event)];
    });
    canvas.addEventListener("pointermove", (event) => {
      if (isSwipe(event)) return;
      if (drag === "pan") this.panBy(event.movementX, event.movementY);
      else if (drag === "window") this.events.onWindow(draggedWindow(this.state.window, event));
      else this.move(spotAt(event), event.buttons !== 0);
    });
    const end = (): void => {
      drag = undefined;
      this.finish();
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    canvas.addEventListener("pointerleave", () => this.events.onHover(undefined));
  }

  private listenToKeys(): void {
    this.canvas.addEventListener("keydown", (event) => {
      const move = event.shiftKey ? MOVES[event.key] : undefined;
      const steps = STEPS[event.key];
      const zoom = KEY_ZOOMS[event.key];
      if (event.key === "Enter") this.setPoint();
      else if (event.key === "Escape") this.discard();
      else if (event.ctrlKey || event.metaKey || event.altKey) return;
      else if (zoom !== undefined) this.zoomAtCross(zoom);
      else if (event.key === "0") this.fit("body");
      else if (event.key === "9") this.fit("whole");
      else if (move !== undefined) this.moveCross(move);
      else if (steps !== undefined) this.step(steps);
      else return;
      event.preventDefault();
    });
  }

  private move(spot: Spot, pressed: boolean): void {
    this.hover(spot);
    if (!pressed) return;
    if (this.state.tool === "crosshair") this.moveCursor(spot);
    else if (this.draft !== undefined) {
      if (this.state.tool === "distance") this.draft = [this.draft[0]!, spot];
      else this.draft.push(spot);
      this.draw();
    }
  }

  /** By the keyboard: begins a measurement at the crosshair, goes on, or ends it where it is. */
  private setPoint(): void {
    const { tool } = this.state;
    if (tool === "crosshair") return;
    const cross = this.cross();
    const { draft } = this;
    if (draft === undefined) this.draft = [cross, cross];
    else if (tool === "distance" || isSame(draft.at(-2)!, cross)) {
      // The last point only follows the crosshair; an area closes where it was set a second time.
      if (tool === "area") draft.pop();
      this.finish();
      return;
    } else draft.push(cross);
    this.draw();
  }

  private moveCross({ column, row }: Spot): void {
    const cross = this.cross();
    this.moveCursor({ column: cross.column + column, row: cross.row + row });
    if (this.draft === undefined) return;
    this.draft[this.draft.length - 1] = this.cross();
    this.draw();
  }

  private finish(): void {
    const { draft, state, plane } = this;
    this.draft = undefined;
    if (draft === undefined || state.tool === "crosshair") return;
    const index = state.cursor[PLANE_AXES[plane].fixed];
    if (draft.length > (state.tool === "area" ? 2 : 1)) {
      const made = { tool: state.tool, plane, index, spots: draft };
      this.events.onMeasured(made, describe(made, this.measuredSlice()));
    } else this.draw();
  }

  private discard(): void {
    this.draft = undefined;
    this.draw();
  }

  private hover(spot: Spot): void {
    const { slice, state } = this;
    const [column, row] = [Math.round(spot.column), Math.round(spot.row)];
    if (slice === undefined || column < 0 || row < 0 || column >= slice.width || row >= slice.height) {
      this.events.onHover(undefined);
      return;
    }
    const index = spotToIndex(this.plane, { column, row }, state.cursor, state.scan.shape);
    this.events.onHover({ index, value: slice.values[row * slice.width + column]! });
  }

  private step(by: number): void {
    this.goToSlice(this.state.cursor[PLANE_AXES[this.plane].fixed] + by);
  }

  private goToSlice(index: number): void {
    // A measurement belongs to its slice.
    this.draft = undefined;
    const cursor: [number, number, number] = [...this.state.cursor];
    cursor[PLANE_AXES[this.plane].fixed] = index;
    this.events.onCursor(clampIndex(cursor, this.state.scan.shape));
  }

  /** Zooms; what lies at a place of the canvas stays there. */
  private zoomBy(factor: number, x: number, y: number): void {
    this.view = zoomAbout(this.zoom(), factor, this.frame().toSpot(x, y), this.fitting());
    this.draw();
  }

  private zoomAtCross(factor: number): void {
    const { x, y } = this.frame().toScreen(this.cross());
    this.zoomBy(factor, x, y);
  }

  /** Moves the picture by pixels of the canvas. */
  private panBy(right: number, down: number): void {
    const { width, height } = this.frame();
    const fitting = this.fitting();
    const [columns, rows] = [(right / width) * fitting.columns, (down / height) * fitting.rows];
    this.view = panBy(this.zoom(), columns, rows, fitting);
    this.draw();
  }

  private moveCursor(spot: Spot): void {
    const { scan, cursor } = this.state;
    this.events.onCursor(clampIndex(spotToIndex(this.plane, spot, cursor, scan.shape), scan.shape));
  }

  private cross(): Spot {
    return indexToSpot(this.plane, this.state.cursor, this.state.scan.shape);
  }

  private frame(): PlaneFrame {
    return new PlaneFrame(this.fitting(), this.zoom());
  }

  private zoom(): Zoom {
    if (typeof this.view !== "string") return this.view;
    const fitting = this.fitting();
    return this.view === "body" && this.body !== undefined ? zoomToBox(fitting, this.body) : wholeZoom(fitting);
  }

  private fitting(): Fitting {
    const { across, down } = PLANE_AXES[this.plane];
    const { shape, spacing } = this.state.scan;
    const { clientWidth, clientHeight } = this.canvas;
    return {
      columns: shape[across],
      rows: shape[down],
      pixel: [spacing[down], spacing[across]],
      pane: [clientWidth, clientHeight],
    };
  }

  private measuredSlice(): MeasuredSlice {
    const { across, down } = PLANE_AXES[this.plane];
    const { spacing } = this.state.scan;
    const { width, values } = this.slice!;
    return { width, values, pixel: [spacing[down], spacing[across]] };
  }
}

/** The window after a drag: to the right it becomes wider, downwards its level rises and the picture darker. */
function draggedWindow(window: Window, { movementX, movementY }: PointerEvent): Window {
  const width = widthOf(window);
  const step = Math.max(LEAST_WINDOW_STEP, width * WINDOW_SHARE);
  return windowOf(levelOf(window) + movementY * step, width + movementX * step);
}

function isSame(a: Spot, b: Spot): boolean {
  return a.column === b.column && a.row === b.row;
}
