import { boxDilate } from "../ops/box-dilate.ts";
import { exactDistance } from "../ops/feature-transform.ts";
import { dilate } from "../ops/morphology.ts";
import { extractRuns, type Runs } from "../ops/runs.ts";
import { type Kernels, kernels } from "../simd/kernels.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";

/** Relative difference below which two distances are too close to be told apart by quick arithmetic. */
const NEAR_TIE = 1e-9;

/**
 * Gives each voxel of a mask to the nearer of two cores, by the distance between voxel centres in
 * millimetres; an exact tie goes to neither.
 *
 * No distance map is made. A voxel within so many steps of one core, while the other core has
 * nothing in the box that those steps could span, is decided by bit operations: these are nearly
 * all. The rest is searched run by run, outwards, until neither core can come nearer. What is then
 * closer to a tie than quick arithmetic can tell is computed as scipy does, to the last bit.
 *
 * @param mask - voxels to be given away; both cores must lie within it
 * @param spacing - `[z, y, x]`, mm
 * @param steps - 6-connected steps of the first decision; the number of erosions that made the cores serves well
 */
export function splitByNearestCore(
  mask: BitVolume,
  core1: BitVolume,
  core2: BitVolume,
  spacing: Triple,
  steps: number,
): [first: BitVolume, second: BitVolume] {
  const reach = Math.max(1, steps);
  const distance = reach * Math.max(...spacing) * (1 + NEAR_TIE);
  const radius = spacing.map((s) => Math.floor(distance / s)) as unknown as Triple;
  const near = [dilate(core1, reach), dilate(core2, reach)] as const;
  const maybe = [boxDilate(core1, radius), boxDilate(core2, radius)] as const;
  const simd = kernels();
  const assigned = { first: core1.clone(), second: core2.clone(), open: new BitVolume(mask.shape) };
  if (simd === undefined) assignNear(mask, near, maybe, assigned);
  else assignNearWith(simd, mask, near, maybe, assigned);
  const { first, second, open } = assigned;
  new CoreSearch(core1, core2, spacing).decide(open, first, second);
  return [first, second];
}

/** A mask for each core. */
type Both = readonly [first: BitVolume, second: BitVolume];

/** Voxels of the first core, of the second, and those that are still to be given away. */
interface Assigned {
  readonly first: BitVolume;
  readonly second: BitVolume;
  readonly open: BitVolume;
}

/**
 * Gives away what is near one core and surely not as near the other.
 *
 * @param assigned - the cores; receives the rest of the mask
 */
function assignNear(mask: BitVolume, near: Both, maybe: Both, { first, second, open }: Assigned): void {
  for (let i = 0; i < mask.words.length; i++) {
    const rest = mask.words[i]! & ~first.words[i]! & ~second.words[i]!;
    if (rest === 0) continue;
    const to1 = rest & near[0].words[i]! & ~maybe[1].words[i]!;
    const to2 = rest & near[1].words[i]! & ~maybe[0].words[i]!;
    first.words[i]! |= to1;
    second.words[i]! |= to2;
    open.words[i] = rest & ~to1 & ~to2;
  }
}

/** The same by kernels/nearest-core.ts. */
function assignNearWith(simd: Kernels, mask: BitVolume, near: Both, maybe: Both, assigned: Assigned): void {
  const count = mask.words.length;
  simd.begin();
  const [near1, near2, maybe1, maybe2] = [...near, ...maybe].map(({ words }) => simd.put(words)) as [
    number,
    number,
    number,
    number,
  ];
  const [voxels, first, second] = [mask, assigned.first, assigned.second].map(({ words }) => simd.put(words)) as [
    number,
    number,
    number,
  ];
  const open = simd.reserve(4 * count);
  simd.run.assignNear(voxels, near1, near2, maybe1, maybe2, first, second, open, count);
  assigned.first.words.set(simd.words(first, count));
  assigned.second.words.set(simd.words(second, count));
  assigned.open.words.set(simd.words(open, count));
}

/** Exact comparison of the distances to two cores, for runs of voxels. */
class CoreSearch {
  private readonly shape: Triple;
  private readonly runs1: Runs;
  private readonly runs2: Runs;
  /** Least squared distance found so far, mm², for the columns of the run at hand. */
  private readonly best1: Float64Array;
  private readonly best2: Float64Array;

  constructor(
    private readonly core1: BitVolume,
    private readonly core2: BitVolume,
    private readonly spacing: Triple,
  ) {
    this.shape = core1.shape;
    this.runs1 = extractRuns(core1);
    this.runs2 = extractRuns(core2);
    this.best1 = new Float64Array(this.shape[2]);
    this.best2 = new Float64Array(this.shape[2]);
  }

  /** Sets each voxel of `open` in the mask of the core that it is nearer to. */
  decide(open: BitVolume, first: BitVolume, second: BitVolume): void {
    const simd = kernels();
    if (simd !== undefined) {
      this.decideWith(simd, extractRuns(open), first, second);
      return;
    }
    const { best1, best2 } = this;
    const [, ny] = this.shape;
    const { start, end, rowStart, planes } = extractRuns(open);
    for (let z = 0, row = 0; z < planes; z++) {
      for (let y = 0; y < ny; y++, row++) {
        for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
          const a = start[i]!;
          const b = end[i]!;
          this.search(z, y, a, b);
          for (let x = a; x < b; x++) {
            const d1 = best1[x]!;
            const d2 = best2[x]!;
            // The greater distance may be infinite: then the search ended before it met that core.
            const nearer = Math.min(d1, d2);
            if (Math.abs(d1 - d2) <= NEAR_TIE * nearer) this.decideTie(z, y, x, nearer, first, second);
            else (d1 < d2 ? first : second).set(z, y, x);
          }
        }
      }
    }
  }

  /**
   * Finds the squared distances to both cores for the columns `a <= x < b` of a row, the smaller
   * of the two rightly; the greater one may be found greater than it is.
   */
  private search(z: number, y: number, a: number, b: number): void {
    const { best1, best2, shape, spacing } = this;
    const [nz, ny] = shape;
    best1.fill(Infinity, a, b);
    best2.fill(Infinity, a, b);
    let bound = Infinity;
    for (let dz = 0; dz < nz; dz++) {
      const zz = (dz * spacing[0]) ** 2;
      if (zz > bound) break;
      for (let dy = 0; dy < ny; dy++) {
        const zzyy = zz + (dy * spacing[1]) ** 2;
        if (zzyy > bound) break;
        if (z - dz >= 0) this.lookAround(z - dz, y, dy, zzyy, bound, a, b);
        if (dz > 0 && z + dz < nz) this.lookAround(z + dz, y, dy, zzyy, bound, a, b);
        bound = 0;
        for (let x = a; x < b; x++) bound = Math.max(bound, Math.min(best1[x]!, best2[x]!));
        bound *= 1 + NEAR_TIE;
      }
    }
  }

  private lookAround(z: number, y: number, dy: number, base: number, bound: number, a: number, b: number): void {
    const ny = this.shape[1];
    if (y - dy >= 0) this.lookAt(z * ny + y - dy, base, bound, a, b);
    if (dy > 0 && y + dy < ny) this.lookAt(z * ny + y + dy, base, bound, a, b);
  }

  private lookAt(row: number, base: number, bound: number, a: number, b: number): void {
    nearestInRow(this.runs1, row, base, bound, this.spacing[2], a, b, this.best1);
    nearestInRow(this.runs2, row, base, bound, this.spacing[2], a, b, this.best2);
  }

  /** Compares the distances of one voxel to both cores to the last bit. */
  private decideTie(z: number, y: number, x: number, squared: number, first: BitVolume, second: BitVolume): void {
    const radius = this.spacing.map((s) => Math.ceil(Math.sqrt(squared) / s) + 1) as unknown as Triple;
    const d1 = exactDistance(this.core1, [z, y, x], radius, this.spacing);
    const d2 = exactDistance(this.core2, [z, y, x], radius, this.spacing);
    if (d1 < d2) first.set(z, y, x);
    else if (d2 < d1) second.set(z, y, x);
  }

  /** The same as {@link decide}, by kernels/nearest-core.ts. */
  private decideWith(simd: Kernels, open: Runs, first: BitVolume, second: BitVolume): void {
    const [nz, ny, nx] = this.shape;
    simd.begin();
    const pointers = [this.runs1, this.runs2, open].flatMap(({ start, end, rowStart, count }) => [
      simd.put(start.subarray(0, count)),
      simd.put(end.subarray(0, count)),
      simd.put(rowStart),
    ]);
    const cores = simd.put(Int32Array.from(pointers));
    const spacing = simd.reserve(24);
    const to1 = simd.put(first.words);
    const to2 = simd.put(second.words);
    const best = simd.reserve(16 * nx);
    const capacity = nx + 1024;
    const ties = simd.reserve(16 * capacity);
    const progress = simd.reserve(8);
    new Float64Array(simd.buffer, spacing, 3).set(this.spacing);
    const found: { row: number; x: number; squared: number }[] = [];
    for (let run = 0; run < open.count; ) {
      simd.run.decideRuns(
        cores,
        cores + 24,
        run,
        nz,
        ny,
        nx,
        spacing,
        NEAR_TIE,
        to1,
        to2,
        best,
        ties,
        capacity,
        progress,
      );
      const [next, count] = simd.ints(progress, 2) as unknown as [number, number];
      const places = simd.ints(ties, 4 * count);
      const distances = new Float64Array(simd.buffer, ties, 2 * count);
      for (let i = 0; i < count; i++) {
        found.push({ row: places[4 * i]!, x: places[4 * i + 1]!, squared: distances[2 * i + 1]! });
      }
      run = next;
    }
    first.words.set(new Uint32Array(simd.buffer, to1, first.words.length));
    second.words.set(new Uint32Array(simd.buffer, to2, second.words.length));
    for (const { row, x, squared } of found) {
      this.decideTie(Math.floor(row / ny), row % ny, x, squared, first, second);
    }
  }
}

/**
 * Lowers `best[x]` to the squared distance to the nearest voxel of a row, for `a <= x < b`.
 *
 * @param base - squared distance to the row, mm²
 * @param bound - squared distance from which on nothing counts, mm²
 */
function nearestInRow(
  { start, end, rowStart }: Runs,
  row: number,
  base: number,
  bound: number,
  sx: number,
  a: number,
  b: number,
  best: Float64Array,
): void {
  for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
    const from = start[i]!;
    const to = end[i]!;
    const gap = (from >= b ? from - b + 1 : to <= a ? a - to + 1 : 0) * sx;
    if (base + gap * gap > bound) {
      if (from >= b) break;
      continue;
    }
    for (let x = a; x < b; x++) {
      const dx = (x < from ? from - x : x >= to ? x - to + 1 : 0) * sx;
      const squared = base + dx * dx;
      if (squared < best[x]!) best[x] = squared;
    }
  }
}
