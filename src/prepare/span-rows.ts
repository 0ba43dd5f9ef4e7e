/**
 * Rows of grey values of which only a span is stored: beyond it everything is padding, and what
 * lies in memory there does not count.
 */
export class SpanRows {
  readonly values: Float64Array;
  readonly width: number;
  /** First stored column, by row. */
  readonly start: Int32Array;
  /** Column after the last stored one, by row; not above `start` for a row of padding. */
  readonly end: Int32Array;
  /** Number of what these rows were made from, -1 before that. */
  source = -1;

  constructor(rows: number, width: number, private readonly padValue: number) {
    this.values = new Float64Array(rows * width);
    this.width = width;
    this.start = new Int32Array(rows);
    this.end = new Int32Array(rows);
  }

  /** Stores padding as far as it takes for the row to hold columns `from` to `to`. */
  widen(row: number, from: number, to: number): void {
    const start = this.start[row]!;
    const end = this.end[row]!;
    if (from >= start && to <= end) return;
    const at = row * this.width;
    if (start >= end) {
      this.values.fill(this.padValue, at + from, at + to);
      this.start[row] = from;
      this.end[row] = to;
      return;
    }
    for (let x = from; x < start; x++) this.values[at + x] = this.padValue;
    for (let x = end; x < to; x++) this.values[at + x] = this.padValue;
    this.start[row] = Math.min(start, from);
    this.end[row] = Math.max(end, to);
  }
}
