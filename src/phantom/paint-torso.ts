import {
  APEX,
  bodySection,
  DIAPHRAGM_TOP,
  diaphragm,
  grow,
  halfWidth,
  LEFT,
  mediastinum,
  RIGHT,
  thoraxSection,
} from "./anatomy.ts";
import type { Canvas } from "./canvas.ts";
import { HU } from "./tissues.ts";

const RIB_DISTANCE = 25;
const RIB_HEIGHT = 0.42;
const RIB_THICKNESS = 9;
/** How much a rib sinks for every millimetre to the front. */
const RIB_SLOPE = 0.45;

/** The scanner's table: a curved shell over foam, below (behind) the patient. */
export function paintTable(canvas: Canvas): void {
  for (let column = 0; column < canvas.columns; column++) {
    const x = canvas.xOf(column);
    const top = 113 - 0.0011 * x * x;
    if (x < -205 || x > 205) continue;
    const end = canvas.rowAt(top + 26);
    for (let row = canvas.rowAt(top); row < end; row++) {
      const depth = canvas.yOf(row) - top;
      canvas.hu[row * canvas.columns + column] = depth < 3 || depth > 23 ? HU.tableShell : HU.tableFoam;
    }
  }
}

/** Skin, fat and muscle; the inside of the rib cage is painted over them. */
export function paintBody(canvas: Canvas, z: number): void {
  const body = bodySection(z);
  canvas.fillSection(body, HU.skin);
  canvas.fillSection(grow(body, -2), HU.fat);
  canvas.fillSection({ width: body.width - 13, depth: body.depth - 8, middle: 1 }, HU.muscle);
}

/** The chest wall's inner layer: ribs, and between them muscle. */
export function paintRibs(canvas: Canvas, z: number): void {
  if (z > APEX || z < -20) return;
  const inner = thoraxSection(z);
  const outer = grow(inner, RIB_THICKNESS);
  const end = canvas.rowAt(outer.middle + outer.depth);
  for (let row = canvas.rowAt(outer.middle - outer.depth); row < end; row++) {
    const y = canvas.yOf(row);
    const height = (z + RIB_SLOPE * (84 - y)) / RIB_DISTANCE;
    const part = height - Math.floor(height);
    const rim = part < 0.09 || part > RIB_HEIGHT - 0.09;
    const bone = part > RIB_HEIGHT ? HU.intercostal : rim ? HU.cortex : HU.marrow;
    const half = halfWidth(outer, y);
    canvas.fillSpan(row, -half, half, bone === HU.marrow ? HU.cortex : bone);
    if (bone === HU.marrow) {
      const middle = halfWidth(grow(inner, RIB_THICKNESS - 2), y);
      if (middle > 0) canvas.fillSpan(row, -middle, middle, HU.marrow);
    }
    // In front, towards the sternum, ribs are cartilage.
    if (y < -50) canvas.fillSpan(row, -62, 62, part > RIB_HEIGHT ? HU.intercostal : HU.cartilage);
  }
}

/** The inside of the rib cage: lungs, what lies between them, and below them the abdomen's fat. */
export function paintCavity(canvas: Canvas, z: number): void {
  if (z >= APEX) return;
  const thorax = thoraxSection(z);
  const end = canvas.rowAt(thorax.middle + thorax.depth);
  for (let row = canvas.rowAt(thorax.middle - thorax.depth); row < end; row++) {
    const y = canvas.yOf(row);
    const half = halfWidth(thorax, y);
    if (half <= 0) continue;
    canvas.fillSpan(row, -half, half, HU.mediastinalFat);
    const [right, left] = mediastinum(y, z);
    paintLungRow(canvas, row, z, -half, -right, RIGHT);
    paintLungRow(canvas, row, z, left, half, LEFT);
  }
}

function paintLungRow(canvas: Canvas, row: number, z: number, fromX: number, toX: number, side: number): void {
  const y = canvas.yOf(row);
  const first = row * canvas.columns;
  const end = canvas.columnAt(toX);
  // Blood sinks: lungs are denser behind.
  const hu = Math.round(HU.lung + 0.35 * y);
  const fissure = (side === RIGHT ? 236 : 246) - 1.55 * (y + 60);
  for (let column = canvas.columnAt(fromX); column < end; column++) {
    const x = canvas.xOf(column);
    if (z < DIAPHRAGM_TOP && z < diaphragm(x, y)) continue;
    const outward = Math.abs(x) - 70;
    const off = z - fissure + 0.006 * outward * outward;
    canvas.hu[first + column] = off > -1.6 && off < 1.6 ? HU.fissure : hu;
    canvas.regions[first + column] = side;
  }
}
