import type { Triple } from "pleura";
import { PLANE_AXES, type Plane } from "pleura/worker";
import type { MarkedNodule } from "../nodules-panel.ts";
import { EDGES, indexToSpot, type Spot } from "./geometry.ts";
import { describe, type MeasuredSlice, type Measurement } from "./measure.ts";
import type { PlaneFrame } from "./plane-frame.ts";

const ACCENT = "#57b8c9";

/** Draws where the other planes cross, with a gap in the middle that leaves the voxel itself to be seen. */
export function drawCrosshair(context: CanvasRenderingContext2D, frame: PlaneFrame, spot: Spot): void {
  const { x, y } = frame.toScreen(spot);
  context.strokeStyle = "rgb(87 184 201 / 55%)";
  context.lineWidth = 1;
  context.beginPath();
  for (const [from, to] of [
    [-1e4, -8],
    [8, 1e4],
  ] as const) {
    context.moveTo(x + from, y);
    context.lineTo(x + to, y);
    context.moveTo(x, y + from);
    context.lineTo(x, y + to);
  }
  context.stroke();
}

/** Writes at each edge which side of the patient it is. */
export function drawEdges(context: CanvasRenderingContext2D, plane: Plane, width: number, height: number): void {
  const [left, right, top, bottom] = EDGES[plane];
  writeLabel(context, left, 14, height / 2 + 4, "center");
  writeLabel(context, right, width - 14, height / 2 + 4, "center");
  writeLabel(context, top, width / 2, 20, "center");
  writeLabel(context, bottom, width / 2, height - 10, "center");
}

/** Draws a measurement with what it says. */
export function drawMeasurement(
  context: CanvasRenderingContext2D,
  frame: PlaneFrame,
  mark: Measurement,
  slice: MeasuredSlice,
): void {
  const points = mark.spots.map((spot) => frame.toScreen(spot));
  const end = points.at(-1)!;
  context.strokeStyle = ACCENT;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const { x, y } of points) context.lineTo(x, y);
  if (mark.tool === "area") context.closePath();
  // A single point is a dot.
  if (points.length === 1) context.arc(end.x, end.y, 2, 0, 2 * Math.PI);
  context.stroke();
  const text = describe(mark, slice);
  context.font = "13px system-ui, sans-serif";
  const right = context.canvas.clientWidth - context.measureText(text).width - 8;
  writeLabel(context, text, Math.min(end.x + 10, right), Math.max(20, end.y - 8), "left");
}

/** Colour of nodules: that of the report's boxes. */
const NODULE = "#facc15";

/** Draws the circle in which a slice cuts a nodule's ball; a small cross where the diameter is not known. */
export function drawNodule(
  context: CanvasRenderingContext2D,
  frame: PlaneFrame,
  plane: Plane,
  { centre, diameter }: MarkedNodule,
  cursor: Triple,
  { shape, spacing }: { readonly shape: Triple; readonly spacing: Triple },
): void {
  const { across, down, fixed } = PLANE_AXES[plane];
  const off = (cursor[fixed] - centre[fixed]) * spacing[fixed];
  // Less than half a slice away it is shown, however small.
  if (Math.abs(off) > Math.max(diameter / 2, spacing[fixed] / 2)) return;
  const half = Math.sqrt(Math.max(0, (diameter / 2) ** 2 - off ** 2));
  const { column, row } = indexToSpot(plane, centre, shape);
  const { x, y } = frame.toScreen({ column, row });
  const edge = frame.toScreen({ column: column + half / spacing[across], row: row + half / spacing[down] });
  context.strokeStyle = NODULE;
  context.lineWidth = 1.5;
  context.beginPath();
  if (half > 0) context.ellipse(x, y, Math.max(3, edge.x - x), Math.max(3, edge.y - y), 0, 0, 2 * Math.PI);
  else {
    context.moveTo(x - 5, y);
    context.lineTo(x + 5, y);
    context.moveTo(x, y - 5);
    context.lineTo(x, y + 5);
  }
  context.stroke();
}

/** Writes on a dark ground, to be read over bright slices too. */
function writeLabel(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  align: "left" | "center",
): void {
  context.font = "13px system-ui, sans-serif";
  const { width } = context.measureText(text);
  const left = align === "left" ? x : x - width / 2;
  context.fillStyle = "rgb(0 0 0 / 60%)";
  context.beginPath();
  context.roundRect(left - 4, y - 13, width + 8, 18, 3);
  context.fill();
  context.fillStyle = "#e4e7ea";
  context.textAlign = "left";
  context.fillText(text, left, y);
}
