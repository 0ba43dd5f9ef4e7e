import { ellipseHalfWidth, halfWidth, type Section } from "./anatomy.ts";

/** One slice while it is painted, addressed in the standard patient's millimetres. */
export class Canvas {
  readonly rows: number;
  readonly columns: number;
  /** Distance between rows and between columns. */
  readonly rowStep: number;
  readonly columnStep: number;
  /** Hounsfield units, C-ordered `(rows, columns)`. */
  readonly hu: Int16Array;
  /** Which lung a pixel belongs to, vessels and nodules included: `RIGHT`, `LEFT` or 0. */
  readonly regions: Uint8Array;

  constructor(rows: number, columns: number, rowStep: number, columnStep: number) {
    this.rows = rows;
    this.columns = columns;
    this.rowStep = rowStep;
    this.columnStep = columnStep;
    this.hu = new Int16Array(rows * columns);
    this.regions = new Uint8Array(rows * columns);
  }

  /** Everything air, no lungs. */
  clear(air: number): void {
    this.hu.fill(air);
    this.regions.fill(0);
  }

  xOf(column: number): number {
    return (column - (this.columns - 1) / 2) * this.columnStep;
  }

  yOf(row: number): number {
    return (row - (this.rows - 1) / 2) * this.rowStep;
  }

  /** First row at or behind y, kept within 0 to `rows`. */
  rowAt(y: number): number {
    return Math.min(this.rows, Math.max(0, Math.ceil(y / this.rowStep + (this.rows - 1) / 2)));
  }

  /** First column at or to the left of x, kept within 0 to `columns`. */
  columnAt(x: number): number {
    return Math.min(this.columns, Math.max(0, Math.ceil(x / this.columnStep + (this.columns - 1) / 2)));
  }

  /** Fills the pixels of a row from one x up to another. */
  fillSpan(row: number, fromX: number, toX: number, hu: number): void {
    const from = row * this.columns + this.columnAt(fromX);
    const to = row * this.columns + this.columnAt(toX);
    if (to > from) this.hu.fill(hu, from, to);
  }

  /** Fills a squarish cross-section of the torso around the body's axis. */
  fillSection(section: Section, hu: number): void {
    const end = this.rowAt(section.middle + section.depth);
    for (let row = this.rowAt(section.middle - section.depth); row < end; row++) {
      const half = halfWidth(section, this.yOf(row));
      if (half > 0) this.fillSpan(row, -half, half, hu);
    }
  }

  /** Fills an ellipse around `(x, y)` with half axes `width` and `depth`. */
  fillEllipse(x: number, y: number, width: number, depth: number, hu: number): void {
    const section = { width, depth, middle: y };
    const end = this.rowAt(y + depth);
    for (let row = this.rowAt(y - depth); row < end; row++) {
      const half = ellipseHalfWidth(section, this.yOf(row));
      if (half > 0) this.fillSpan(row, x - half, x + half, hu);
    }
  }
}
