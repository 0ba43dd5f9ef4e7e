import type { Spot } from "./geometry.ts";
import type { Fitting, Zoom } from "./zoom.ts";

/** Where a slice's picture lies on its canvas, in CSS pixels. */
export class PlaneFrame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  private readonly columns: number;
  private readonly rows: number;

  constructor({ columns, rows, pixel: [down, across], pane }: Fitting, { scale, middle }: Zoom) {
    [this.columns, this.rows] = [columns, rows];
    const [wide, high] = [columns * across, rows * down];
    const perMillimetre = scale * Math.min(pane[0] / wide, pane[1] / high);
    [this.width, this.height] = [wide * perMillimetre, high * perMillimetre];
    this.left = pane[0] / 2 - ((middle.column + 0.5) / columns) * this.width;
    this.top = pane[1] / 2 - ((middle.row + 0.5) / rows) * this.height;
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
