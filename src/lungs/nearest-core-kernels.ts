import { boundingBox } from "../ops/box.ts";
import type { Kernels } from "../simd/kernels.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";
import type { Halves } from "./nearest-core-plain.ts";

/** Row and column ranges of what a mask holds, as kernels/feature-transform.ts has them. */
type Ranges = readonly [y0: number, y1: number, x0: number, x1: number];

/**
 * The steps of `splitByNearestCore` by kernels/nearest-core.ts and kernels/feature-transform.ts. All
 * masks stay in the kernels' memory: nothing else may use it until the result is there.
 */
export class KernelHalves implements Halves {
  private readonly shape: Triple;
  private readonly count: number;
  private readonly cores: readonly [number, number];
  private readonly ranges: readonly [Ranges, Ranges];
  private readonly first: number;
  private readonly second: number;
  private readonly rest: number;
  private readonly ripe: number;
  /** Where the kernels find all of these. */
  private readonly table: number;
  private readonly levels: number;
  /** What lies behind is free at the beginning of each step. */
  private readonly free: number;

  constructor(
    private readonly simd: Kernels,
    mask: BitVolume,
    core1: BitVolume,
    core2: BitVolume,
  ) {
    this.shape = mask.shape;
    this.count = mask.words.length;
    this.ranges = [rangesOf(core1), rangesOf(core2)];
    simd.begin();
    this.cores = [simd.put(core1.words), simd.put(core2.words)];
    this.first = simd.put(core1.words);
    this.second = simd.put(core2.words);
    this.rest = simd.put(mask.words);
    this.ripe = simd.zeros(4 * this.count);
    this.table = simd.put(Int32Array.of(...this.cores, this.first, this.second, this.rest, this.ripe));
    this.levels = simd.reserve(4 * mask.shape[0]);
    this.free = simd.reserve(0);
    simd.run.clearBoth(this.rest, ...this.cores, this.count);
  }

  decideByBoxes(inner: Triple, outer: Triple, level: number): boolean {
    const { simd, table, levels, count } = this;
    const [nz, ny, nx] = this.shape;
    simd.release(this.free);
    const [small, large] = [simd.put(Int32Array.from(inner)), simd.put(Int32Array.from(outer))];
    const scratch = simd.reserve(20 * count + 4 * (((nx + 31) >>> 5) + 24));
    return simd.run.decideByBoxes(table, nz, ny, nx, small, large, level, levels, scratch) !== 0;
  }

  ripenRest(level: number): void {
    this.simd.run.ripenRest(this.table, ...this.shape, level, this.levels);
  }

  decideRipe(spacing: Triple, reaches: readonly Triple[]): void {
    const { simd, ripe, ranges } = this;
    const [nz, ny, nx] = this.shape;
    const words = (nx + 31) >>> 5;
    const planeBytes = 4 * ny * words;
    const runs = simd.run.countRuns(ripe, nz * ny, words);
    if (runs === 0) return;
    simd.release(this.free);
    const levels = simd.ints(this.levels, nz).slice();
    const [start, end, rowStart] = [simd.reserve(4 * runs), simd.reserve(4 * runs), simd.reserve(4 * (nz * ny + 1))];
    const columnBytes = 32 * planeBytes * ((nz + 31) >>> 5);
    const columns = [simd.reserve(columnBytes), simd.reserve(columnBytes)] as const;
    const sites = simd.put(Int32Array.of(columns[0], ...ranges[0], columns[1], ...ranges[1]));
    const millimetres = simd.reserve(24);
    const scratch = simd.reserve(8 * (24 + nz + (8 + 4 * ny) * nx));
    // Nothing is reserved from here on.
    new Float64Array(simd.buffer, millimetres, 3).set(spacing);
    simd.run.writeRuns(ripe, nz * ny, words, nx, start, end, rowStart);
    for (const k of [0, 1] as const) simd.run.columnsOf(this.cores[k], nz, ny, words, columns[k], scratch);
    const before = simd.ints(rowStart, nz * ny + 1).slice();
    for (let z = 0; z < nz; z++) {
      if (before[z * ny] === before[(z + 1) * ny]) continue;
      const [, rows, across] = reaches[levels[z]!]!;
      const [first, second] = [this.first + z * planeBytes, this.second + z * planeBytes];
      const planeRows = rowStart + 4 * z * ny;
      simd.run.decidePlane(
        sites,
        nz,
        ny,
        nx,
        z,
        rows,
        across,
        start,
        end,
        planeRows,
        millimetres,
        scratch,
        first,
        second,
      );
    }
  }

  result(): [first: BitVolume, second: BitVolume] {
    const take = (words: number) => new BitVolume(this.shape, this.simd.words(words, this.count).slice());
    return [take(this.first), take(this.second)];
  }
}

function rangesOf(core: BitVolume): Ranges {
  const box = boundingBox(core);
  return box === undefined ? [0, 0, 0, 0] : [box.low[1], box.high[1], box.low[2], box.high[2]];
}
