/**
 * Rows of which only a span is stored: beyond it everything is padding, and what lies in memory
 * there does not count.
 */
export class SpanRows {
  /** The rows, one after the other. */
  readonly values: Float64Array;
  /** Columns of a row. */
  readonly width: number;
  /** First stored column, by row. */
  readonly start: Int32Array;
  /** Column after the last stored one, by row; not above `start` for a row of padding. */
  readonly end: Int32Array;
  /** Number of what the rows were made from, -1 before that. */
  source = -1;

  constructor(
    rows: number,
    width: number,
    private readonly padding: number,
  ) {
    this.values = new Float64Array(rows * width);
    this.width = width;
    this.start = new Int32Array(rows);
    this.end = new Int32Array(rows);
  }

  /** Sets the span of a row; `from` not below `end` makes it a row of padding. */
  setSpan(row: number, from: number, end: number): void {
    this.start[row] = from;
    this.end[row] = end;
  }

  /** Stores padding as far as it takes for the row to hold columns `from` to `end`. */
  widen(row: number, from: number, end: number): void {
    const start = this.start[row]!;
    const stop = this.end[row]!;
    if (from >= start && end <= stop) return;
    const at = row * this.width;
    if (start >= stop) {
      this.values.fill(this.padding, at + from, at + end);
      this.setSpan(row, from, end);
      return;
    }
    for (let x = from; x < start; x++) this.values[at + x] = this.padding;
    for (let x = stop; x < end; x++) this.values[at + x] = this.padding;
    this.setSpan(row, Math.min(start, from), Math.max(stop, end));
  }
}
