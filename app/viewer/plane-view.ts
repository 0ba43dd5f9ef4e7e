import type { Triple } from "pleura";
import type { Plane, ViewSlice } from "pleura/worker";
import { LUNG_COLOURS } from "../colours.ts";
import { el } from "../dom.ts";
import type { Engine } from "../engine.ts";
import { AXES, clampIndex, EDGES, indexToSpot, type Spot, spotToIndex } from "./geometry.ts";
import { describe, type MeasuredSlice, type Measurement } from "./measure.ts";
import { paintSlice } from "./paint.ts";
import type { ViewEvents, ViewState } from "./state.ts";

const ACCENT = "#57b8c9";
const NAMES: Readonly<Record<Plane, string>> = { axial: "Axial", coronal: "Coronal", sagittal: "Sagittal" };

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
  private draft: Spot[] | undefined;

  constructor(
    readonly plane: Plane,
    private readonly state: ViewState,
    private readonly engine: Engine,
    private readonly events: ViewEvents,
  ) {
    const hint = "Arrow keys, Page Up and Page Down go through the slices.";
    this.canvas = el("canvas", { tabindex: 0, role: "img", "aria-label": `${NAMES[plane]} slice. ${hint}` });
    const title = el("figcaption", {}, el("span", {}, NAMES[plane]), this.position);
    this.element = el("figure", { class: `view ${plane}`, "data-plane": plane }, title, this.canvas);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    this.listen();
  }

  /** Shows what the state says; asks for the slice when it is another one. */
  async refresh(): Promise<void> {
    const { fixed } = AXES[this.plane];
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

  /** Draws what is there. */
  draw(): void {
    const { slice, canvas, picture, state } = this;
    if (slice === undefined || canvas.clientWidth === 0) return;
    const { width, height, left, top } = this.frame();
    const ratio = devicePixelRatio;
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    picture.width = slice.width;
    picture.height = slice.height;
    const overlay = { classes: slice.overlay, colours: LUNG_COLOURS, opacity: state.opacity };
    picture.getContext("2d")!.putImageData(paintSlice(slice, state.window, overlay), 0, 0);
    const context = canvas.getContext("2d")!;
    context.scale(ratio, ratio);
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, left, top, width, height);
    this.drawMarks(context);
  }

  private drawMarks(context: CanvasRenderingContext2D): void {
    const { state, plane, canvas } = this;
    const index = state.cursor[AXES[plane].fixed];
    const cross = this.toScreen(indexToSpot(plane, state.cursor, state.scan.shape));
    context.strokeStyle = "rgb(87 184 201 / 55%)";
    context.lineWidth = 1;
    context.beginPath();
    // A gap in the middle leaves the voxel itself to be seen.
    for (const [from, to] of [
      [-1e4, -8],
      [8, 1e4],
    ] as const) {
      context.moveTo(cross.x + from, cross.y);
      context.lineTo(cross.x + to, cross.y);
      context.moveTo(cross.x, cross.y + from);
      context.lineTo(cross.x, cross.y + to);
    }
    context.stroke();
    const [l, r, t, b] = EDGES[plane];
    context.shadowColor = "#000";
    context.shadowBlur = 4;
    context.fillStyle = "rgb(255 255 255 / 80%)";
    context.font = "12px system-ui, sans-serif";
    context.textAlign = "center";
    context.fillText(l, 10, canvas.clientHeight / 2);
    context.fillText(r, canvas.clientWidth - 10, canvas.clientHeight / 2);
    context.fillText(t, canvas.clientWidth / 2, 16);
    context.fillText(b, canvas.clientWidth / 2, canvas.clientHeight - 8);
    context.shadowBlur = 0;
    const marks = state.measurements.filter((mark) => mark.plane === plane && mark.index === index);
    if (this.draft !== undefined && state.tool !== "crosshair") {
      marks.push({ tool: state.tool, plane, index, spots: this.draft });
    }
    for (const mark of marks) this.drawMeasurement(context, mark);
  }

  private drawMeasurement(context: CanvasRenderingContext2D, mark: Measurement): void {
    const points = mark.spots.map((spot) => this.toScreen(spot));
    context.strokeStyle = ACCENT;
    context.lineWidth = 1.5;
    context.beginPath();
    for (const { x, y } of points) context.lineTo(x, y);
    if (mark.tool === "area") context.closePath();
    context.stroke();
    const text = describe(mark, this.measuredSlice());
    const end = points.at(-1)!;
    context.font = "13px system-ui, sans-serif";
    const width = context.measureText(text).width;
    const x = Math.min(end.x + 10, this.canvas.clientWidth - width - 8);
    const y = Math.max(16, end.y - 8);
    context.fillStyle = "rgb(0 0 0 / 70%)";
    context.fillRect(x - 4, y - 13, width + 8, 18);
    context.fillStyle = "#fff";
    context.textAlign = "left";
    context.fillText(text, x, y);
  }

  private listen(): void {
    const { canvas } = this;
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        if (event.deltaY !== 0) this.step(event.deltaY > 0 ? -1 : 1);
      },
      { passive: false },
    );
    const keys: Readonly<Record<string, number>> = {
      ArrowUp: 1,
      ArrowRight: 1,
      ArrowDown: -1,
      ArrowLeft: -1,
      PageUp: 10,
      PageDown: -10,
      Home: -1e4,
      End: 1e4,
    };
    canvas.addEventListener("keydown", (event) => {
      const steps = keys[event.key];
      if (steps === undefined) return;
      event.preventDefault();
      this.step(steps);
    });
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.press(this.spotAt(event));
    });
    canvas.addEventListener("pointermove", (event) => this.move(this.spotAt(event), event.buttons !== 0));
    canvas.addEventListener("pointerup", () => this.release());
    canvas.addEventListener("pointercancel", () => this.release());
    canvas.addEventListener("pointerleave", () => this.events.onHover(undefined));
  }

  private press(spot: Spot): void {
    if (this.state.tool === "crosshair") this.moveCursor(spot);
    else this.draft = [spot];
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

  private release(): void {
    const { draft, state, plane } = this;
    this.draft = undefined;
    if (draft === undefined || state.tool === "crosshair") return;
    const index = state.cursor[AXES[plane].fixed];
    if (draft.length > (state.tool === "area" ? 2 : 1)) {
      this.events.onMeasured({ tool: state.tool, plane, index, spots: draft });
    } else this.draw();
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
    const { fixed } = AXES[this.plane];
    const cursor: [number, number, number] = [...this.state.cursor];
    cursor[fixed] += by;
    this.events.onCursor(clampIndex(cursor, this.state.scan.shape));
  }

  private moveCursor(spot: Spot): void {
    const { scan, cursor } = this.state;
    this.events.onCursor(clampIndex(spotToIndex(this.plane, spot, cursor, scan.shape), scan.shape));
  }

  private measuredSlice(): MeasuredSlice {
    const { across, down } = AXES[this.plane];
    const { spacing } = this.state.scan;
    const { width, values } = this.slice!;
    return { width, values, pixel: [spacing[down], spacing[across]] };
  }

  /** Where the picture lies on the canvas, in CSS pixels. */
  private frame(): { width: number; height: number; left: number; top: number } {
    const { across, down } = AXES[this.plane];
    const { shape, spacing } = this.state.scan;
    const [wide, high] = [shape[across] * spacing[across], shape[down] * spacing[down]];
    const { clientWidth, clientHeight } = this.canvas;
    const scale = Math.min(clientWidth / wide, clientHeight / high);
    const [width, height] = [wide * scale, high * scale];
    return { width, height, left: (clientWidth - width) / 2, top: (clientHeight - height) / 2 };
  }

  private toScreen({ column, row }: Spot): { x: number; y: number } {
    const { width, height, left, top } = this.frame();
    const { across, down } = AXES[this.plane];
    const { shape } = this.state.scan;
    return { x: left + ((column + 0.5) / shape[across]) * width, y: top + ((row + 0.5) / shape[down]) * height };
  }

  private spotAt({ offsetX, offsetY }: MouseEvent): Spot {
    const { width, height, left, top } = this.frame();
    const { across, down } = AXES[this.plane];
    const { shape } = this.state.scan;
    return {
      column: ((offsetX - left) / width) * shape[across] - 0.5,
      row: ((offsetY - top) / height) * shape[down] - 0.5,
    };
  }
}

/** An index in words for the read-out. */
export function indexText(index: Triple): string {
  return index.map((n) => Math.round(n)).join(", ");
}
