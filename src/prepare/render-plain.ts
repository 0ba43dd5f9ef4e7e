import { blendColumns, blendRows, blendToGrey } from "./blend.ts";
import { isDoubtful, toFixedGrey } from "./fixed-grey.ts";
import { MaskedRows } from "./masked-rows.ts";
import { exactGrey, type RenderOptions, type RenderScene } from "./render-scene.ts";
import { SpanRows } from "./span-rows.ts";

/** The two latest of something, so that neighbours share what they have in common. */
type Pair = readonly [SpanRows, SpanRows];

/** Renders a scene in doubles, anew in scipy's order where these leave doubt: what `renderClean` says of itself. */
export class PlainRenderer {
  private readonly rows: MaskedRows;
  /** Rows in a slice of the scan. */
  private readonly scanRows: number;
  /** For every column of the box: the scan's column at or before it, and the weight of the next. */
  private readonly left: Int32Array;
  private readonly right: Float64Array;
  /** For every column of the scan: the first one of the box whose `left` is there or beyond. */
  private readonly reached: Int32Array;
  private readonly lines: Pair;
  private readonly planes: Pair;
  private out = new Uint8Array(0);

  constructor(
    private readonly scene: RenderScene,
    options: RenderOptions,
  ) {
    const { volume, size, x, padValue } = scene;
    this.left = x.index.filter((_, tap) => tap % 2 === 0);
    this.right = x.weight.filter((_, tap) => tap % 2 === 1);
    this.reached = firstReached(this.left, volume.shape[2]);
    this.rows = new MaskedRows(scene, options);
    this.scanRows = volume.shape[1];
    const [, ny, nx] = size;
    const padding = toFixedGrey(padValue);
    this.lines = [new SpanRows(1, nx, padding), new SpanRows(1, nx, padding)];
    this.planes = [new SpanRows(ny, nx, padding), new SpanRows(ny, nx, padding)];
  }

  render(): Uint8Array {
    const { size, padValue } = this.scene;
    const { index, weight } = this.scene.z;
    this.out = new Uint8Array(size[0] * size[1] * size[2]).fill(padValue);
    for (let z = 0; z < size[0]; z++) {
      const a = this.plane(index[2 * z]!, index[2 * z + 1]!);
      const b = this.plane(index[2 * z + 1]!, index[2 * z]!);
      for (let y = 0; y < size[1]; y++) this.store(a, b, weight[2 * z + 1]!, z, y);
    }
    return this.out;
  }

  /** A slice of the scan on the rows and columns of the box; `other` is one that must be kept. */
  private plane(z: number, other: number): SpanRows {
    const plane = slotFor(this.planes, z, other);
    if (plane.source === z) return plane;
    plane.source = z;
    const { index, weight } = this.scene.y;
    const first = z * this.scanRows;
    for (let y = 0; y < this.scene.size[1]; y++) {
      const a = this.line(first + index[2 * y]!, first + index[2 * y + 1]!);
      const b = this.line(first + index[2 * y + 1]!, first + index[2 * y]!);
      const from = Math.min(a.start[0]!, b.start[0]!);
      const end = Math.max(a.end[0]!, b.end[0]!);
      plane.setSpan(y, from, end);
      if (from >= end) continue;
      a.widen(0, from, end);
      b.widen(0, from, end);
      blendRows(a.values, b.values, weight[2 * y + 1]!, from, end, plane.values, y * plane.width);
    }
    return plane;
  }

  /** A row of the scan, all slices' rows counted on, on the columns of the box; `other` must be kept. */
  private line(row: number, other: number): SpanRows {
    const line = slotFor(this.lines, row, other);
    if (line.source === row) return line;
    line.source = row;
    const { rows, reached } = this;
    rows.read(row);
    if (rows.start >= rows.end) {
      line.setSpan(0, line.width, 0);
      return line;
    }
    // The scan's first column also goes into what lies between it and the one before.
    const from = reached[Math.max(rows.start - 1, 0)]!;
    const end = reached[rows.end]!;
    line.setSpan(0, from, end);
    blendColumns(rows.values, this.left, this.right, from, end, line.values);
    return line;
  }

  /** Blends row y of two planes into the result. */
  private store(a: SpanRows, b: SpanRows, weight: number, z: number, y: number): void {
    const from = Math.min(a.start[y]!, b.start[y]!);
    const end = Math.max(a.end[y]!, b.end[y]!);
    if (from >= end) return;
    a.widen(y, from, end);
    b.widen(y, from, end);
    const [, ny, width] = this.scene.size;
    const row = y * width;
    const to = (z * ny + y) * width;
    if (!blendToGrey(a.values, b.values, weight, row + from, row + end, this.out, to + from)) return;
    for (let x = from; x < end; x++) {
      const sum = a.values[row + x]! + (b.values[row + x]! - a.values[row + x]!) * weight;
      if (isDoubtful(sum)) this.out[to + x] = exactGrey(this.scene, z, y, x);
    }
  }
}

/** Which of a pair holds what is wanted, or else may be overwritten with it. */
function slotFor([first, second]: Pair, wanted: number, other: number): SpanRows {
  if (first.source === wanted) return first;
  if (second.source === wanted) return second;
  return first.source === other ? second : first;
}

function firstReached(left: Int32Array, scanColumns: number): Int32Array {
  const reached = new Int32Array(scanColumns + 1);
  for (let column = 0, x = 0; column <= scanColumns; column++) {
    while (x < left.length && left[x]! < column) x++;
    reached[column] = x;
  }
  return reached;
}
