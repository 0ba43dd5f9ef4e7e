import { invalidOption } from "../errors.ts";
import { type Kernels, kernels } from "../simd/kernels.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Triple, Volume } from "../volume/volume.ts";
import { blendColumns, blendRows, blendToGrey } from "./blend.ts";
import { boxShape, type CropBox } from "./crop-box.ts";
import { isDoubtful, toFixedGrey } from "./fixed-grey.ts";
import { checkMaskOptions, checkMaskShape, type MaskOptions } from "./mask-image.ts";
import { MaskedRows } from "./masked-rows.ts";
import { renderWithKernels } from "./render-kernels.ts";
import { MILLIMETRE_GRID, resampledShape } from "./resampled-grid.ts";
import { cropAxis, type SampleAxis, sampleAxis } from "./sample-axis.ts";
import { SpanRows } from "./span-rows.ts";
import { type WindowOptions, windowTable } from "./window.ts";

/** Options of {@link renderClean}. */
export interface RenderOptions extends WindowOptions, MaskOptions {
  /** Spacing of the new grid, mm. Default 1 mm along every axis. */
  readonly newSpacing?: Triple;
}

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
  volume: Volume<Int16Array>,
  lungs: BitVolume,
  near: BitVolume,
  box: CropBox,
  options: RenderOptions = {},
): Uint8Array {
  const renderer = new Renderer(volume, lungs, near, box, options);
  const simd = kernels();
  return simd === undefined ? renderer.render() : renderer.renderWith(simd);
}

/** The two latest of something, so that neighbours share what they have in common. */
type Pair = readonly [SpanRows, SpanRows];

class Renderer {
  private readonly rows: MaskedRows;
  /** Rows in a slice of the scan. */
  private readonly scanRows: number;
  private readonly size: Triple;
  private readonly z: SampleAxis;
  private readonly y: SampleAxis;
  private readonly x: SampleAxis;
  /** For every column of the box: the scan's column at or before it, and the weight of the next. */
  private readonly left: Int32Array;
  private readonly right: Float64Array;
  /** For every column of the scan: the first one of the box whose `left` is there or beyond. */
  private readonly reached: Int32Array;
  private readonly lines: Pair;
  private readonly planes: Pair;
  private out = new Uint8Array(0);

  constructor(
    private readonly volume: Volume<Int16Array>,
    private readonly lungs: BitVolume,
    private readonly near: BitVolume,
    box: CropBox,
    private readonly options: RenderOptions,
  ) {
    const { padValue, boneThreshold } = checkMaskOptions(options);
    checkMaskShape("lungs", lungs, volume.shape);
    checkMaskShape("near", near, volume.shape);
    const grid = resampledShape(volume.shape, volume.spacing, options.newSpacing ?? MILLIMETRE_GRID);
    const axis = (i: 0 | 1 | 2): SampleAxis => {
      const [low, high] = box[i];
      const fits = low >= 0 && low < high && high <= grid[i];
      if (!fits) throw invalidOption("box", `ranges within ${grid.join(" × ")}`, box);
      return cropAxis(sampleAxis(volume.shape[i], grid[i], 1), low, high);
    };
    [this.z, this.y, this.x] = [axis(0), axis(1), axis(2)];
    this.left = this.x.index.filter((_, tap) => tap % 2 === 0);
    this.right = this.x.weight.filter((_, tap) => tap % 2 === 1);
    this.reached = firstReached(this.left, volume.shape[2]);
    this.rows = new MaskedRows(volume, lungs, near, padValue, boneThreshold, options);
    this.scanRows = volume.shape[1];
    this.size = boxShape(box);
    const [, ny, nx] = this.size;
    const padding = toFixedGrey(padValue);
    this.lines = [new SpanRows(1, nx, padding), new SpanRows(1, nx, padding)];
    this.planes = [new SpanRows(ny, nx, padding), new SpanRows(ny, nx, padding)];
  }

  render(): Uint8Array {
    const { index, weight } = this.z;
    const [nz, ny, nx] = this.size;
    this.out = new Uint8Array(nz * ny * nx).fill(checkMaskOptions(this.options).padValue);
    for (let z = 0; z < this.size[0]; z++) {
      const a = this.plane(index[2 * z]!, index[2 * z + 1]!);
      const b = this.plane(index[2 * z + 1]!, index[2 * z]!);
      for (let y = 0; y < this.size[1]; y++) this.store(a, b, weight[2 * z + 1]!, z, y);
    }
    return this.out;
  }

  /** The same by kernels/render.ts. */
  renderWith(simd: Kernels): Uint8Array {
    const { volume, lungs, near, size, z, y, x } = this;
    const { padValue, boneThreshold } = checkMaskOptions(this.options);
    const inLungs = windowTable(this.options);
    const beside = inLungs.map((grey) => (grey > boneThreshold ? padValue : grey));
    const exact = this.exact.bind(this);
    return renderWithKernels(simd, { volume, lungs, near, size, z, y, x, inLungs, beside, padValue, exact });
  }

  /** A slice of the scan on the rows and columns of the box; `other` is one that must be kept. */
  private plane(z: number, other: number): SpanRows {
    const plane = slotFor(this.planes, z, other);
    if (plane.source === z) return plane;
    plane.source = z;
    const { index, weight } = this.y;
    const first = z * this.scanRows;
    for (let y = 0; y < this.size[1]; y++) {
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
    const width = this.size[2];
    const row = y * width;
    const to = (z * this.size[1] + y) * width;
    if (!blendToGrey(a.values, b.values, weight, row + from, row + end, this.out, to + from)) return;
    for (let x = from; x < end; x++) {
      const sum = a.values[row + x]! + (b.values[row + x]! - a.values[row + x]!) * weight;
      if (isDoubtful(sum)) this.out[to + x] = this.exact(z, y, x);
    }
  }

  /** One voxel the way scipy computes it: the same products, added in the same order. */
  private exact(z: number, y: number, x: number): number {
    let sum = 0;
    for (let kz = 2 * z; kz < 2 * z + 2; kz++) {
      for (let ky = 2 * y; ky < 2 * y + 2; ky++) {
        for (let kx = 2 * x; kx < 2 * x + 2; kx++) {
          const grey = this.rows.greyAt(this.z.index[kz]!, this.y.index[ky]!, this.x.index[kx]!);
          sum += grey * this.z.weight[kz]! * this.y.weight[ky]! * this.x.weight[kx]!;
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

function firstReached(left: Int32Array, scanColumns: number): Int32Array {
  const reached = new Int32Array(scanColumns + 1);
  for (let column = 0, x = 0; column <= scanColumns; column++) {
    while (x < left.length && left[x]! < column) x++;
    reached[column] = x;
  }
  return reached;
}
