import type { Connectivity } from "../../src/ops/label.ts";
import { type Triple, voxelCount } from "../../src/volume/volume.ts";

/** A mask as bytes, 0 or 1, C-ordered: slow, and with nothing in it to get wrong. */
export interface Plain {
  readonly shape: Triple;
  readonly bytes: Uint8Array;
}

/** Whether a voxel is true; outside the volume nothing is. */
export function at({ shape: [nz, ny, nx], bytes }: Plain, z: number, y: number, x: number): boolean {
  const within = z >= 0 && z < nz && y >= 0 && y < ny && x >= 0 && x < nx;
  return within && bytes[(z * ny + y) * nx + x] === 1;
}

/** A mask of the same shape from a rule for each voxel. */
export function derive(mask: Plain, rule: (z: number, y: number, x: number, i: number) => boolean): Plain {
  const [nz, ny, nx] = mask.shape;
  const bytes = new Uint8Array(mask.bytes.length);
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++, i++) bytes[i] = rule(z, y, x, i) ? 1 : 0;
  }
  return { shape: mask.shape, bytes };
}

/** Steps to a voxel's neighbours. */
export function neighbours(connectivity: Connectivity): Triple[] {
  const steps: Triple[] = [];
  for (const z of [-1, 0, 1]) {
    for (const y of [-1, 0, 1]) {
      for (const x of [-1, 0, 1]) {
        const axes = Math.abs(z) + Math.abs(y) + Math.abs(x);
        const most = { 6: 1, 8: 2, 18: 2, 26: 3 }[connectivity];
        if (axes > 0 && axes <= most && !(connectivity === 8 && z !== 0)) steps.push([z, y, x]);
      }
    }
  }
  return steps;
}

/** Labels of the connected components from 1 on, in scan order of their first voxels; 0 is background. */
export function label(mask: Plain, connectivity: Connectivity): Int32Array {
  const [, ny, nx] = mask.shape;
  const steps = neighbours(connectivity);
  const labels = new Int32Array(mask.bytes.length);
  let count = 0;
  for (let seed = 0; seed < labels.length; seed++) {
    if (mask.bytes[seed] === 0 || labels[seed] !== 0) continue;
    labels[seed] = ++count;
    for (const open = [seed]; open.length > 0; ) {
      const i = open.pop()!;
      const [z, y, x] = [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx];
      for (const [dz, dy, dx] of steps) {
        if (!at(mask, z + dz, y + dy, x + dx)) continue;
        const next = ((z + dz) * ny + y + dy) * nx + x + dx;
        if (labels[next] !== 0) continue;
        labels[next] = count;
        open.push(next);
      }
    }
  }
  return labels;
}

/** Number of voxels of each label; entry 0 is the background's. */
export function labelSizes(labels: Int32Array): number[] {
  const sizes = [0];
  for (const l of labels) sizes[l] = (sizes[l] ?? 0) + 1;
  return sizes;
}

export function erode(mask: Plain): Plain {
  const steps = neighbours(6);
  return derive(
    mask,
    (z, y, x) => at(mask, z, y, x) && steps.every(([dz, dy, dx]) => at(mask, z + dz, y + dy, x + dx)),
  );
}

export function dilate(mask: Plain, iterations: number): Plain {
  const steps = neighbours(6);
  let result = mask;
  for (let k = 0; k < iterations; k++) {
    const from = result;
    result = derive(
      from,
      (z, y, x) => at(from, z, y, x) || steps.some(([dz, dy, dx]) => at(from, z + dz, y + dy, x + dx)),
    );
  }
  return result;
}

export function boxDilate(mask: Plain, radius: Triple): Plain {
  return [0, 1, 2].reduce((widened, axis) => {
    const reach = Array.from({ length: 2 * radius[axis]! + 1 }, (_, k) => k - radius[axis]!);
    const step = (d: number): Triple => [axis === 0 ? d : 0, axis === 1 ? d : 0, axis === 2 ? d : 0];
    const steps = reach.map(step);
    return derive(widened, (z, y, x) => steps.some(([dz, dy, dx]) => at(widened, z + dz, y + dy, x + dx)));
  }, mask);
}

export function complement(mask: Plain): Plain {
  return derive(mask, (_z, _y, _x, i) => mask.bytes[i] === 0);
}

/** Least and greatest index along each axis, the greatest plus one; undefined without a true voxel. */
export function boundingBox(mask: Plain): { low: number[]; high: number[] } | undefined {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  derive(mask, (z, y, x) => {
    if (at(mask, z, y, x)) {
      for (const [axis, v] of [z, y, x].entries()) {
        low[axis] = Math.min(low[axis]!, v);
        high[axis] = Math.max(high[axis]!, v + 1);
      }
    }
    return false;
  });
  return high[0]! > 0 ? { low, high } : undefined;
}

/** Fills background, joined by `connectivity`, of which no voxel is `open`. */
function fill(mask: Plain, connectivity: Connectivity, open: (z: number, y: number, x: number) => boolean): Plain {
  const labels = label(complement(mask), connectivity);
  const outside = new Set<number>();
  derive(mask, (z, y, x, i) => {
    if (open(z, y, x)) outside.add(labels[i]!);
    return false;
  });
  return derive(mask, (_z, _y, _x, i) => mask.bytes[i] === 1 || !outside.has(labels[i]!));
}

/** Holes of the volume: 26-connected background without a corner of it. */
export function fillHoles(mask: Plain): Plain {
  const isEnd = (v: number, axis: 0 | 1 | 2) => v === 0 || v === mask.shape[axis] - 1;
  return fill(mask, 26, (z, y, x) => isEnd(z, 0) && isEnd(y, 1) && isEnd(x, 2));
}

/** Holes of each slice: 8-connected background that does not reach the slice's border. */
export function fillSlices(mask: Plain): Plain {
  const [, ny, nx] = mask.shape;
  return fill(mask, 8, (_z, y, x) => y === 0 || x === 0 || y === ny - 1 || x === nx - 1);
}

type Point = readonly [y: number, x: number];

/**
 * Convex hull, slice by slice, of the pixels' edge midpoints, in doubled coordinates. A pixel
 * belongs to it when it lies on no edge's outer side.
 *
 * @param member - the pixels of slice z whose hull is meant
 */
export function convexHull(
  mask: Plain,
  z: number,
  member: (y: number, x: number) => boolean,
): (y: number, x: number) => boolean {
  const points: Point[] = [];
  for (let y = 0; y < mask.shape[1]; y++) {
    for (let x = 0; x < mask.shape[2]; x++) {
      if (at(mask, z, y, x) && member(y, x)) {
        points.push([2 * y - 1, 2 * x], [2 * y + 1, 2 * x], [2 * y, 2 * x - 1], [2 * y, 2 * x + 1]);
      }
    }
  }
  const side = (a: Point, b: Point, c: Point) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  // Gift wrapping: from each corner to the point that leaves all others on the left.
  let here = points.reduce((a, b) => (b[0] < a[0] || (b[0] === a[0] && b[1] < a[1]) ? b : a));
  const corners: Point[] = [];
  const length = (a: Point, b: Point) => Math.hypot(b[0] - a[0], b[1] - a[1]);
  do {
    corners.push(here);
    let next = points.find((p) => p[0] !== here[0] || p[1] !== here[1])!;
    for (const p of points) {
      const s = side(here, next, p);
      if (s < 0 || (s === 0 && length(here, p) > length(here, next))) next = p;
    }
    here = next;
  } while (here[0] !== corners[0]![0] || here[1] !== corners[0]![1]);
  return (y, x) => corners.every((a, i) => side(a, corners[(i + 1) % corners.length]!, [2 * y, 2 * x]) >= 0);
}

/** Each voxel to the core that has the nearest voxel; ties to neither. Exact where squares of millimetres are. */
export function splitByNearestCore(mask: Plain, core1: Plain, core2: Plain, spacing: Triple): [Plain, Plain] {
  const near1 = squaredDistances(core1, spacing);
  const near2 = squaredDistances(core2, spacing);
  return [
    derive(mask, (_z, _y, _x, i) => mask.bytes[i] === 1 && near1[i]! < near2[i]!),
    derive(mask, (_z, _y, _x, i) => mask.bytes[i] === 1 && near2[i]! < near1[i]!),
  ];
}

/** Squared distance of every voxel to the nearest true one, mm². */
export function squaredDistances(mask: Plain, spacing: Triple): Float64Array {
  const targets: Triple[] = [];
  derive(mask, (z, y, x) => {
    if (at(mask, z, y, x)) targets.push([z, y, x]);
    return false;
  });
  const out = new Float64Array(voxelCount(mask.shape)).fill(Infinity);
  derive(mask, (z, y, x, i) => {
    for (const [tz, ty, tx] of targets) {
      const squared = ((z - tz) * spacing[0]) ** 2 + ((y - ty) * spacing[1]) ** 2 + ((x - tx) * spacing[2]) ** 2;
      if (squared < out[i]!) out[i] = squared;
    }
    return false;
  });
  return out;
}

/** Gaussian mean of a slice in double precision: all weights of the square window, edges mirrored. */
export function smooth(
  slice: ArrayLike<number>,
  ny: number,
  nx: number,
  sigma: number,
  truncate: number,
): Float64Array {
  const radius = Math.floor(truncate * sigma + 0.5);
  const mirror = (i: number, n: number): number => (i < 0 ? mirror(-1 - i, n) : i >= n ? mirror(2 * n - 1 - i, n) : i);
  const out = new Float64Array(ny * nx);
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      let sum = 0;
      let weights = 0;
      for (let dy = -radius; dy <= radius; dy++) {
        for (let dx = -radius; dx <= radius; dx++) {
          const weight = Math.exp((-0.5 * (dy * dy + dx * dx)) / (sigma * sigma));
          sum += weight * slice[mirror(y + dy, ny) * nx + mirror(x + dx, nx)]!;
          weights += weight;
        }
      }
      out[y * nx + x] = sum / weights;
    }
  }
  return out;
}
