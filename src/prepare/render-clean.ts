import { invalidOption } from "../errors.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Triple, Volume } from "../volume/volume.ts";
import { boxShape, type CropBox } from "./crop-box.ts";
import { checkMaskOptions, checkMaskShape, type MaskOptions } from "./mask-image.ts";
import { MaskedRows } from "./masked-rows.ts";
import { MILLIMETRE_GRID, resampledShape } from "./resampled-grid.ts";
import { cropAxis, type SampleAxis, sampleAxis } from "./sample-axis.ts";
import { SpanRows } from "./span-rows.ts";
import type { WindowOptions } from "./window.ts";

/** Options of {@link renderClean}. */
export interface RenderOptions extends WindowOptions, MaskOptions {
  /** Spacing of the new grid, mm. Default 1 mm along every axis. */
  readonly newSpacing?: Triple;
}

/**
 * How near to a tie between two grey values a sum of doubles may lie before it is taken again in
 * scipy's order. Any order errs by less than 1e-12 (eight terms below 256, 53 bits), so outside
 * this distance all orders round alike.
 */
const TIE = 1e-9;

/**
 * Windows, masks, resamples linearly and crops in one go, voxel for voxel equal to applyWindow,
 * maskImage, resample at order 1 and crop one after the other.
 *
 * Only what lies in the box and near the lungs is computed, axis by axis: a row of the scan to the
 * columns of the box, two such rows to a row of the box, two such slices to a slice of it. That
 * adds up in another order than scipy does, which can only matter where the sum lies next to a
 * tie; there the voxel is computed anew in scipy's order. Needs little more memory than its result.
 *
 * @param volume - the scan, Hounsfield units
 * @param lungs - both lungs
 * @param near - both dilated lungs
 * @param box - what to keep of the new grid
 * @returns uint8 of the box's shape
 * @throws PleuraError `invalid-option` when masks, box or options do not fit.
 */
export function renderClean(
  volume: Volume<Int16Array>, lungs: BitVolume, near: BitVolume, box: CropBox, options: RenderOptions = {},
): Uint8Array {
  return new Renderer(volume, lungs, near, box, options).render();
}

/** The two latest of something, so that neighbours share what they have in common. */
type Pair = readonly [SpanRows, SpanRows];

class Renderer {
  private readonly rows: MaskedRows;
  private readonly size: Triple;
  private readonly z: SampleAxis;
  private readonly y: SampleAxis;
  private readonly x: SampleAxis;
  private readonly lines: Pair;
  private readonly planes: Pair;
  private readonly out: Uint8Array;
  /** First column of the box that a scan's column from here on reaches, by that column. */
  private readonly firstReached: Int32Array;

  constructor(
    private readonly volume: Volume<Int16Array>, lungs: BitVolume, near: BitVolume, box: CropBox, options: RenderOptions,
  ) {
    const { padValue, boneThreshold } = checkMaskOptions(options);
    checkMaskShape("lungs", lungs, volume.shape);
    checkMaskShape("near", near, volume.shape);
    const grid = resampledShape(volume.shape, volume.spacing, options.newSpacing ?? MILLIMETRE_GRID);
    const axis = (i: 0 | 1 | 2): SampleAxis => {
      const [low, high] = box[i];
      if (!(low >= 0 && low < high && high <= grid[i])) throw invalidOption("box", `ranges within ${grid.join(" × ")}`, box);
      return cropAxis(sampleAxis(volume.shape[i], grid[i], 1), low, high);
    };
    this.size = boxShape(box);
    [this.z, this.y, this.x] = [axis(0), axis(1), axis(2)];
    const [nz, ny, nx] = this.size;
    this.rows = new MaskedRows(volume, lungs, near, padValue, boneThreshold, options);
    this.lines = [new SpanRows(1, nx, padValue), new SpanRows(1, nx, padValue)];
    this.planes = [new SpanRows(ny, nx, padValue), new SpanRows(ny, nx, padValue)];
    this.out = new Uint8Array(nz * ny * nx).fill(padValue);
    this.firstReached = firstReached(this.x, volume.shape[2]);
  }

  render(): Uint8Array {
    const { index, weight } = this.z;
    for (let z = 0; z < this.size[0]; z++) {
      const a = this.plane(index[2 * z]!, index[2 * z + 1]!);
      const b = this.plane(index[2 * z + 1]!, index[2 * z]!);
      for (let y = 0; y < this.size[1]; y++) this.store(a, b, weight[2 * z + 1]!, z, y);
    }
    return this.out;
  }

  /** A slice of the scan on the rows and columns of the box; `other` is one that must be kept. */
  private plane(z: number, other: number): SpanRows {
    const plane = slotFor(this.planes, z, other);
    if (plane.source === z) return plane;
    plane.source = z;
    const { index, weight } = this.y;
    const first = z * this.volume.shape[1];
    for (let y = 0; y < this.size[1]; y++) {
      const a = this.line(first + index[2 * y]!, first + index[2 * y + 1]!);
      const b = this.line(first + index[2 * y + 1]!, first + index[2 * y]!);
      blendRows(a, b, weight[2 * y + 1]!, plane, y);
    }
    return plane;
  }

  /** A row of the scan, all slices' rows counted on, on the columns of the box. */
  private line(row: number, other: number): SpanRows {
    const line = slotFor(this.lines, row, other);
    if (line.source === row) return line;
    line.source = row;
    const { rows } = this;
    rows.read(row);
    const isPadding = rows.start >= rows.end;
    // A column of the box draws on two of the scan, so it matters from start - 1 on.
    line.start[0] = isPadding ? line.width : this.firstReached[Math.max(rows.start - 1, 0)]!;
    line.end[0] = isPadding ? 0 : this.firstReached[rows.end]!;
    blendColumns(rows.values, this.x, line);
    return line;
  }

  /** Blends row y of two planes into the result. */
  private store(a: SpanRows, b: SpanRows, weight: number, z: number, y: number): void {
    const from = Math.min(a.start[y]!, b.start[y]!);
    const to = Math.max(a.end[y]!, b.end[y]!);
    if (from >= to) return;
    a.widen(y, from, to);
    b.widen(y, from, to);
    const { out } = this;
    const p = a.values;
    const q = b.values;
    const width = this.size[2];
    const base = (z * this.size[1] + y) * width;
    for (let x = from, i = y * width + from; x < to; x++, i++) {
      const v = p[i]! + (q[i]! - p[i]!) * weight + 0.5;
      const grey = v | 0;
      out[base + x] = Math.abs(v - grey - 0.5) < 0.5 - TIE ? grey : this.exact(z, y, x);
    }
  }

  /** One voxel the way scipy computes it: the same products, added in the same order. */
  private exact(z: number, y: number, x: number): number {
    let sum = 0;
    for (let kz = 2 * z; kz < 2 * z + 2; kz++) {
      for (let ky = 2 * y; ky < 2 * y + 2; ky++) {
        for (let kx = 2 * x; kx < 2 * x + 2; kx++) {
          const value = this.rows.valueAt(this.z.index[kz]!, this.y.index[ky]!, this.x.index[kx]!);
          sum += value * this.z.weight[kz]! * this.y.weight[ky]! * this.x.weight[kx]!;
        }
      }
    }
    return Math.floor(sum + 0.5);
  }
}

/** Which of a pair holds what is wanted, or else may be overwritten with it. */
function slotFor([first, second]: Pair, wanted: number, other: number): SpanRows {
  if (first.source === wanted) return first;
  if (second.source === wanted) return second;
  return first.source === other ? second : first;
}

/** For every scan column: the first new column whose lower tap is there or beyond. */
function firstReached({ index }: SampleAxis, scanColumns: number): Int32Array {
  const columns = index.length / 2;
  const first = new Int32Array(scanColumns + 1);
  for (let column = 0, x = 0; column <= scanColumns; column++) {
    while (x < columns && index[2 * x]! < column) x++;
    first[column] = x;
  }
  return first;
}

function blendColumns(values: Float64Array, { index, weight }: SampleAxis, line: SpanRows): void {
  const out = line.values;
  const end = line.end[0]!;
  for (let x = line.start[0]!; x < end; x++) {
    const a = values[index[2 * x]!]!;
    out[x] = a + (values[index[2 * x + 1]!]! - a) * weight[2 * x + 1]!;
  }
}

function blendRows(a: SpanRows, b: SpanRows, weight: number, plane: SpanRows, y: number): void {
  const from = Math.min(a.start[0]!, b.start[0]!);
  const to = Math.max(a.end[0]!, b.end[0]!);
  plane.start[y] = from;
  plane.end[y] = to;
  if (from >= to) return;
  a.widen(0, from, to);
  b.widen(0, from, to);
  const p = a.values;
  const q = b.values;
  const out = plane.values;
  for (let x = from, i = y * plane.width + from; x < to; x++, i++) out[i] = p[x]! + (q[x]! - p[x]!) * weight;
}
