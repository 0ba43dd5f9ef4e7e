import { clamp01 } from "./anatomy.ts";
import type { Canvas } from "./canvas.ts";
import type { Tube } from "./tubes.ts";

/**
 * Paints where tubes cross a slice.
 *
 * @param onlyLung - leave pixels alone that do not belong to a lung
 */
export function paintTubes(canvas: Canvas, z: number, tubes: readonly Tube[], hu: number, onlyLung: boolean): void {
  for (const tube of tubes) {
    const reach = Math.max(tube.fromRadius, tube.toRadius);
    const low = Math.min(tube.from[2], tube.to[2]) - reach;
    const high = Math.max(tube.from[2], tube.to[2]) + reach;
    if (z > low && z < high) paintTube(canvas, z, tube, reach, hu, onlyLung);
  }
}

function paintTube(canvas: Canvas, z: number, tube: Tube, reach: number, hu: number, onlyLung: boolean): void {
  const { from, to, fromRadius, toRadius } = tube;
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  const dz = to[2] - from[2];
  const square = dx * dx + dy * dy + dz * dz;
  // Only the piece of the axis that is near the slice decides how far the crossing reaches.
  const near = dz === 0 ? 0 : clamp01((z - reach - from[2]) / dz);
  const far = dz === 0 ? 1 : clamp01((z + reach - from[2]) / dz);
  const nearX = from[0] + near * dx;
  const farX = from[0] + far * dx;
  const nearY = from[1] + near * dy;
  const farY = from[1] + far * dy;
  const columnEnd = canvas.columnAt(Math.max(nearX, farX) + reach);
  const columnStart = canvas.columnAt(Math.min(nearX, farX) - reach);
  const rowEnd = canvas.rowAt(Math.max(nearY, farY) + reach);
  for (let row = canvas.rowAt(Math.min(nearY, farY) - reach); row < rowEnd; row++) {
    const py = canvas.yOf(row) - from[1];
    const pz = z - from[2];
    for (let column = columnStart; column < columnEnd; column++) {
      const px = canvas.xOf(column) - from[0];
      const t = clamp01((px * dx + py * dy + pz * dz) / square);
      const ex = px - t * dx;
      const ey = py - t * dy;
      const ez = pz - t * dz;
      const radius = fromRadius + t * (toRadius - fromRadius);
      if (ex * ex + ey * ey + ez * ez >= radius * radius) continue;
      const at = row * canvas.columns + column;
      if (!onlyLung || canvas.regions[at] !== 0) canvas.hu[at] = hu;
    }
  }
}
