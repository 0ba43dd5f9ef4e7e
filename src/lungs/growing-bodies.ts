import { putRuns, type Runs } from "../ops/runs.ts";
import { type Kernels, kernels } from "../simd/kernels.ts";
import type { Triple } from "../volume/volume.ts";
import { type BodySlice, borderRuns } from "./body-rules.ts";

/** For each run, or for the body whose root it is. */
interface Bodies {
  /** Leads from a run to its body's root, its first run. */
  readonly parent: Int32Array;
  /** Of a root: the body's voxels. */
  readonly voxels: Int32Array;
  /** Of a root: other than 0 when the body holds a border point of the first plane. */
  readonly border: Int32Array;
  /** Of a root: the entry of the last plane that the body reaches. Entries are numbered as runs. */
  readonly newest: Int32Array;
  /** Of an entry: the body's entry one plane before, -1 for none. */
  readonly older: Int32Array;
  /** Of an entry: the body's pixels in its plane. */
  readonly pixels: Int32Array;
  /** Of an entry: their least squared distance to the centre axis, mm². */
  readonly nearest: Float64Array;
}

/**
 * The 6-connected bodies of a mask's first planes while further planes are added, and what each has
 * in every plane. All of it together takes no longer than in proportion to the runs: a body that
 * reaches two neighbouring planes leaves none out between them, so two of them are joined plane by
 * plane from the newest on, and each step leaves one entry less.
 *
 * Nothing else may use the kernels' memory meanwhile.
 */
export class GrowingBodies {
  private readonly bodies: Bodies;
  private readonly grow: (from: number, to: number) => void;
  /** Of a root: after how many planes it was last met. */
  private readonly seen: Int32Array;
  private planes = 0;

  constructor(
    private readonly runs: Runs,
    private readonly shape: Triple,
    spacing: Triple,
  ) {
    const simd = kernels();
    if (simd === undefined) {
      this.bodies = emptyBodies(runs.count);
      this.grow = (from, to) => growPlain(this.bodies, runs, from, to, shape, spacing);
    } else {
      const { bodies, grow } = withKernels(simd, runs, shape, spacing);
      this.bodies = bodies;
      this.grow = grow;
    }
    this.seen = new Int32Array(runs.count);
    for (const i of borderRuns(runs, 0, shape)) this.bodies.border[i] = 1;
  }

  /** Adds planes until there are so many. */
  growTo(planes: number): void {
    this.grow(this.planes, planes);
    this.planes = planes;
  }

  /** Roots of the bodies that reach the last plane and hold no border point of the first or the last plane. */
  open(): number[] {
    const { runs, planes, bodies, seen } = this;
    const [, ny] = this.shape;
    for (const i of borderRuns(runs, planes - 1, this.shape)) seen[rootOf(bodies.parent, i)] = planes;
    const roots: number[] = [];
    for (let i = runs.rowStart[(planes - 1) * ny]!; i < runs.rowStart[planes * ny]!; i++) {
      const root = rootOf(bodies.parent, i);
      if (seen[root] === planes) continue;
      seen[root] = planes;
      if (bodies.border[root] === 0) roots.push(root);
    }
    return roots;
  }

  /** Voxels of a body. */
  voxels(root: number): number {
    return this.bodies.voxels[root]!;
  }

  /** What a body has in its planes, from its first on. */
  slices(root: number): BodySlice[] {
    const { newest, older, pixels, nearest } = this.bodies;
    const slices: BodySlice[] = [];
    for (let i = newest[root]!; i >= 0; i = older[i]!) slices.push({ pixels: pixels[i]!, nearest: nearest[i]! });
    return slices.reverse();
  }
}

function emptyBodies(count: number): Bodies {
  const ints = () => new Int32Array(count);
  return {
    parent: ints(),
    voxels: ints(),
    border: ints(),
    newest: ints(),
    older: ints(),
    pixels: ints(),
    nearest: new Float64Array(count),
  };
}

/** The same arrays in the kernels' memory, grown by kernels/growing-bodies.ts. */
function withKernels(simd: Kernels, runs: Runs, [, ny, nx]: Triple, spacing: Triple) {
  const { count } = runs;
  simd.begin();
  const { start, end, rowStart } = putRuns(simd, runs);
  const [parent, voxels, border, newest, older, pixels] = Array.from({ length: 6 }, () => simd.zeros(4 * count)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const nearest = simd.reserve(8 * count);
  const table = simd.put(Int32Array.of(parent, voxels, border, newest, older, pixels, nearest));
  const millimetres = simd.reserve(16);
  // Nothing is reserved from here on, so views stay valid.
  new Float64Array(simd.buffer, millimetres, 2).set([spacing[1], spacing[2]]);
  const bodies: Bodies = {
    parent: simd.ints(parent, count),
    voxels: simd.ints(voxels, count),
    border: simd.ints(border, count),
    newest: simd.ints(newest, count),
    older: simd.ints(older, count),
    pixels: simd.ints(pixels, count),
    nearest: new Float64Array(simd.buffer, nearest, count),
  };
  const grow = (from: number, to: number) =>
    simd.run.growBodies(table, start, end, rowStart, from, to, ny, nx, millimetres);
  return { bodies, grow };
}

/** Plain twin of kernels/growing-bodies.ts. */
function growPlain(bodies: Bodies, runs: Runs, from: number, to: number, [, ny, nx]: Triple, spacing: Triple): void {
  const { start, end, rowStart } = runs;
  for (let z = from; z < to; z++) {
    for (let y = 0; y < ny; y++) {
      const row = z * ny + y;
      const dy = (y + 0.5 - ny / 2) * spacing[1];
      for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
        const dx = (Math.min(Math.max(nx >> 1, start[i]!), end[i]! - 1) + 0.5 - nx / 2) * spacing[2];
        bodies.parent[i] = i;
        bodies.voxels[i] = end[i]! - start[i]!;
        bodies.newest[i] = i;
        bodies.older[i] = -1;
        bodies.pixels[i] = end[i]! - start[i]!;
        bodies.nearest[i] = dy * dy + dx * dx;
      }
      if (y > 0) joinRows(bodies, runs, row - 1, row, rowStart[z * ny]!);
      if (z > 0) joinRows(bodies, runs, row - ny, row, rowStart[z * ny]!);
    }
  }
}

function joinRows(bodies: Bodies, { start, end, rowStart }: Runs, rowA: number, rowB: number, first: number): void {
  let a = rowStart[rowA]!;
  let b = rowStart[rowB]!;
  while (a < rowStart[rowA + 1]! && b < rowStart[rowB + 1]!) {
    const [endA, endB] = [end[a]!, end[b]!];
    if (endA > start[b]! && endB > start[a]!) join(bodies, rootOf(bodies.parent, a), rootOf(bodies.parent, b), first);
    if (endA < endB) a++;
    else b++;
  }
}

/** @param first - the first run of the plane that is being added */
function join(bodies: Bodies, one: number, two: number, first: number): void {
  if (one === two) return;
  const [root, other] = one < two ? [one, two] : [two, one];
  const { parent, voxels, border, newest, older, pixels, nearest } = bodies;
  parent[other] = root;
  voxels[root]! += voxels[other]!;
  border[root]! |= border[other]!;
  let i = newest[root]!;
  let j = newest[other]!;
  let before = -1;
  if (i >= first && j < first) {
    before = i;
    i = older[i]!;
  } else if (j >= first && i < first) {
    before = j;
    newest[root] = j;
    j = older[j]!;
  }
  while (i >= 0 && j >= 0) {
    pixels[i]! += pixels[j]!;
    nearest[i] = Math.min(nearest[i]!, nearest[j]!);
    if (before >= 0) older[before] = i;
    before = i;
    i = older[i]!;
    j = older[j]!;
  }
  older[before] = i >= 0 ? i : j;
}

function rootOf(parent: Int32Array, i: number): number {
  let p = parent[i]!;
  while (p !== i) {
    parent[i] = parent[p]!;
    i = parent[i]!;
    p = parent[i]!;
  }
  return i;
}
