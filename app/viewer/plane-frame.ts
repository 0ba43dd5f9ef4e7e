import type { Triple } from "pleura";
import { PLANE_AXES, type Plane } from "pleura/worker";
import type { Spot } from "./geometry.ts";

/** Where a slice's picture lies on its canvas, in CSS pixels: as large as fits, in the middle. */
export class PlaneFrame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  private readonly columns: number;
  private readonly rows: number;

  constructor(
    plane: Plane,
    { shape, spacing }: { readonly shape: Triple; readonly spacing: Triple },
    { clientWidth, clientHeight }: HTMLCanvasElement,
  ) {
    const { across, down } = PLANE_AXES[plane];
    [this.columns, this.rows] = [shape[across], shape[down]];
    const [wide, high] = [this.columns * spacing[across], this.rows * spacing[down]];
    const scale = Math.min(clientWidth / wide, clientHeight / high);
    [this.width, this.height] = [wide * scale, high * scale];
    [this.left, this.top] = [(clientWidth - this.width) / 2, (clientHeight - this.height) / 2];
  }

  /** From a place in the picture to one on the canvas. */
  toScreen({ column, row }: Spot): { x: number; y: number } {
    const x = this.left + ((column + 0.5) / this.columns) * this.width;
    const y = this.top + ((row + 0.5) / this.rows) * this.height;
    return { x, y };
  }

  /** From a place on the canvas to one in the picture. */
  toSpot(x: number, y: number): Spot {
    const column = ((x - this.left) / this.width) * this.columns - 0.5;
    const row = ((y - this.top) / this.height) * this.rows - 0.5;
    return { column, row };
  }
}
