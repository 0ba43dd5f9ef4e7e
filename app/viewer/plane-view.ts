import type { Triple } from "pleura";
import { PLANE_AXES, type Plane, type ViewSlice } from "pleura/worker";
import { LUNG_COLOURS } from "../colours.ts";
import { el } from "../dom.ts";
import type { Engine } from "../engine.ts";
import { listenToTouch, listenToWheel } from "../slice-gestures.ts";
import { clampIndex, indexToSpot, PLANE_NAMES, type Spot, spotToIndex } from "./geometry.ts";
import { describe, type MeasuredSlice } from "./measure.ts";
import { paintSlice } from "./paint.ts";
import { PlaneFrame } from "./plane-frame.ts";
import { drawCrosshair, drawEdges, drawMeasurement, drawNodule } from "./plane-marks.ts";
import type { ViewEvents, ViewState } from "./state.ts";

const HINT =
  "Arrow keys, Page Up and Page Down go through the slices; with Shift the arrow keys move the crosshair. " +
  "With Distance or Area, Enter sets a point at the crosshair. On a touch screen, swipe to go through the slices.";

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
  private readonly picture = document.createElement("canvas");
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
    const title = el("figcaption", {}, el("span", {}, PLANE_NAMES[plane]), this.position);
    this.element = el("figure", { class: `view ${plane}`, "data-plane": plane }, title, this.canvas);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    this.listenToPointer();
    this.listenToKeys();
  }

  /** Shows what the state says; asks for the slice when it is another one. */
  async refresh(): Promise<void> {
    const { fixed } = PLANE_AXES[this.plane];
    const index = this.state.cursor[fixed];
    this.position.textContent = `${index + 1} / ${this.state.scan.shape[fixed]}`;
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
    picture.width = slice.width;
    picture.height = slice.height;
    const overlay = { classes: slice.overlay, colours: LUNG_COLOURS, opacity: state.opacity };
    picture.getContext("2d")!.putImageData(paintSlice(slice, state.window, overlay), 0, 0);
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

  private listenToPointer(): void {
    const { canvas } = this;
    const spotAt = ({ offsetX, offsetY }: MouseEvent): Spot => this.frame().toSpot(offsetX, offsetY);
    listenToWheel(canvas, (by) => this.step(by));
    listenToTouch(canvas, {
      isOn: () => this.state.tool === "crosshair",
      onSteps: (by) => this.step(by),
      onTap: (event) => this.moveCursor(spotAt(event)),
    });
    /** Fingers go through slices, unless they measure. */
    const isSwipe = ({ pointerType }: PointerEvent): boolean =>
      pointerType === "touch" && this.state.tool === "crosshair";
    canvas.addEventListener("pointerdown", (event) => {
      if (isSwipe(event)) return;
      canvas.setPointerCapture(event.pointerId);
      if (this.state.tool === "crosshair") this.moveCursor(spotAt(event));
      else this.draft = [spotAt(event)];
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!isSwipe(event)) this.move(spotAt(event), event.buttons !== 0);
    });
    canvas.addEventListener("pointerup", () => this.finish());
    canvas.addEventListener("pointercancel", () => this.finish());
    canvas.addEventListener("pointerleave", () => this.events.onHover(undefined));
  }

  private listenToKeys(): void {
    this.canvas.addEventListener("keydown", (event) => {
      const move = event.shiftKey ? MOVES[event.key] : undefined;
      const steps = STEPS[event.key];
      if (event.key === "Enter") this.setPoint();
      else if (event.key === "Escape") this.discard();
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
    // A measurement belongs to its slice.
    this.draft = undefined;
    const { fixed } = PLANE_AXES[this.plane];
    const cursor: [number, number, number] = [...this.state.cursor];
    cursor[fixed] += by;
    this.events.onCursor(clampIndex(cursor, this.state.scan.shape));
  }

  private moveCursor(spot: Spot): void {
    const { scan, cursor } = this.state;
    this.events.onCursor(clampIndex(spotToIndex(this.plane, spot, cursor, scan.shape), scan.shape));
  }

  private cross(): Spot {
    return indexToSpot(this.plane, this.state.cursor, this.state.scan.shape);
  }

  private frame(): PlaneFrame {
    return new PlaneFrame(this.plane, this.state.scan, this.canvas);
  }

  private measuredSlice(): MeasuredSlice {
    const { across, down } = PLANE_AXES[this.plane];
    const { spacing } = this.state.scan;
    const { width, values } = this.slice!;
    return { width, values, pixel: [spacing[down], spacing[across]] };
  }
}

function isSame(a: Spot, b: Spot): boolean {
  return a.column === b.column && a.row === b.row;
}
