import {
  bodySection,
  clamp01,
  DIAPHRAGM_TOP,
  diaphragm,
  ellipsoidSection,
  grow,
  HEART,
  halfWidth,
  thoraxSection,
} from "./anatomy.ts";
import type { Canvas } from "./canvas.ts";
import { HU } from "./tissues.ts";

const VERTEBRA_DISTANCE = 27;
const SPINE_Y = 66;

/** Vertebrae with their arches, discs between them, and the cord. */
export function paintSpine(canvas: Canvas, z: number): void {
  const height = z / VERTEBRA_DISTANCE;
  const part = height - Math.floor(height);
  if (part < 0.2) canvas.fillEllipse(0, SPINE_Y, 18, 15, HU.disc);
  else {
    canvas.fillEllipse(0, SPINE_Y, 18, 15, HU.cortex);
    canvas.fillEllipse(0, SPINE_Y, 16, 13, HU.marrow);
  }
  if (part > 0.35 && part < 0.85) {
    canvas.fillEllipse(-21, 85, 14, 4, HU.cortex);
    canvas.fillEllipse(21, 85, 14, 4, HU.cortex);
    canvas.fillEllipse(0, 96, 3.5, 11, HU.cortex);
  }
  canvas.fillEllipse(0, 86, 12, 11, HU.cortex);
  canvas.fillEllipse(0, 86, 9, 8, HU.mediastinalFat);
  canvas.fillEllipse(0, 86, 6, 5, HU.cord);
}

/** The breastbone, from the ends of the collar bones down to the heart's lower edge. */
export function paintSternum(canvas: Canvas, z: number): void {
  if (z < 70 || z > 262) return;
  const thorax = thoraxSection(z);
  const y = thorax.middle - thorax.depth - 4;
  const width = 15 + 10 * clamp01((z - 215) / 40);
  canvas.fillEllipse(0, y, width, 6, HU.cortex);
  canvas.fillEllipse(0, y, width - 2, 4.2, HU.marrow);
}

/** Heart, great vessels and gullet. */
export function paintMediastinum(canvas: Canvas, z: number): void {
  for (const part of HEART) {
    const section = ellipsoidSection(part, z);
    if (section !== undefined) {
      canvas.fillEllipse(part.centre[0], section.middle, section.width - 3, section.depth - 3, HU.heart);
    }
  }
  if (z < 212) canvas.fillEllipse(20, 46, 11, 11, HU.blood);
  if (z > 60 && z < 240) canvas.fillEllipse(9, 40, 6, 5, HU.muscle);
  if (z > 135 && z < 205) canvas.fillEllipse(-6, -10, 15, 15, HU.blood);
  if (z > 135 && z < 250) canvas.fillEllipse(-19, 2, 8, 9, HU.blood);
  if (z > 145 && z < 178) canvas.fillEllipse(14, 4, 13, 14, HU.blood);
  if (z >= 198 && z < 214) canvas.fillEllipse(9, 18, 13, 32, HU.blood);
  if (z >= 214 && z < 270) {
    canvas.fillEllipse(-14, -6, 6, 6, HU.blood);
    canvas.fillEllipse(12, 2, 5, 5, HU.blood);
    canvas.fillEllipse(19, 14, 5, 5, HU.blood);
  }
}

/** What lies below the diaphragm: liver, spleen, stomach with its bubble of gas, kidneys, bowel. */
export function paintAbdomen(canvas: Canvas, z: number): void {
  if (z > DIAPHRAGM_TOP) return;
  const outer = z > -20 ? grow(thoraxSection(z), -1) : grow(bodySection(z), -30);
  const end = canvas.rowAt(outer.middle + outer.depth);
  for (let row = canvas.rowAt(outer.middle - outer.depth); row < end; row++) {
    const y = canvas.yOf(row);
    const half = halfWidth(outer, y);
    const last = canvas.columnAt(half);
    for (let column = canvas.columnAt(-half); column < last; column++) {
      const x = canvas.xOf(column);
      if (z >= diaphragm(x, y) - 3) continue;
      const hu = organAt(x, y, z);
      if (hu !== undefined) canvas.hu[row * canvas.columns + column] = hu;
    }
  }
}

function organAt(x: number, y: number, z: number): number | undefined {
  if (inside(x + 58, 88, y + 2, 82, z - 20, 96)) return HU.liver;
  if (inside(x - 84, 34, y - 42, 38, z - 40, 52)) return HU.spleen;
  if (inside(x - 58, 46, y + 26, 46, z - 35, 56)) return y < -44 && z < 60 ? HU.airway : HU.bowel;
  if (inside(Math.abs(x) - 62, 26, y - 44, 24, z + 100, 56)) return HU.kidney;
  if (z < -60 && y < 34) return inside(x - 30, 18, y + 40, 16, z + 200, 44) ? HU.airway : HU.bowel;
  return undefined;
}

function inside(x: number, a: number, y: number, b: number, z: number, c: number): boolean {
  return (x * x) / (a * a) + (y * y) / (b * b) + (z * z) / (c * c) < 1;
}
