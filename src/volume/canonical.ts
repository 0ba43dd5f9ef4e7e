import { type Affine, affineFromSteps, indexToPatient, type Point } from "./affine.ts";
import type { Triple, Volume } from "./volume.ts";

/** An axis of an array of three. */
type Axis = 0 | 1 | 2;

/** Which of L, P and S each axis of a canonical array follows: z the head, y the back, x the left. */
const DIRECTIONS: readonly [2, 1, 0] = [2, 1, 0];

/**
 * Turns a volume so that z runs to the patient's head, y to the back and x to the left, each as
 * nearly as the grid allows. Voxels only move, none is computed anew.
 *
 * @param volume - turned in place; only exchanged axes take a second array
 * @returns the volume on its new grid, the affine leading to the same points of the patient
 */
export function canonical(volume: Volume<Int16Array>): Volume<Int16Array> {
  let turned = reorderAxes(volume, nearestAxes(volume.affine));
  for (const axis of [0, 1, 2] as const) {
    if (step(turned.affine, axis)[DIRECTIONS[axis]] < 0) turned = flip(turned, axis);
  }
  return turned;
}

/** For each axis of the canonical array, the axis of this one that follows it most. */
function nearestAxes(affine: Affine): readonly [Axis, Axis, Axis] {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const;
  const share = (axis: Axis, direction: Axis): number => {
    const [l, p, s] = step(affine, axis);
    return Math.abs([l, p, s][direction]!) / Math.hypot(l, p, s);
  };
  const agreement = (order: readonly [Axis, Axis, Axis]): number =>
    share(order[0], DIRECTIONS[0]) + share(order[1], DIRECTIONS[1]) + share(order[2], DIRECTIONS[2]);
  return orders.reduce((best, order) => (agreement(order) > agreement(best) + 1e-9 ? order : best));
}

function reorderAxes(volume: Volume<Int16Array>, [a, b, c]: readonly [Axis, Axis, Axis]): Volume<Int16Array> {
  if (a === 0 && b === 1) return volume;
  const { voxels, shape, spacing, affine } = volume;
  const strides: Triple = [shape[1] * shape[2], shape[2], 1];
  const [nz, ny, nx] = [shape[a], shape[b], shape[c]];
  const out = new Int16Array(voxels.length);
  let to = 0;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      let from = z * strides[a] + y * strides[b];
      for (let x = 0; x < nx; x++, from += strides[c]) out[to++] = voxels[from]!;
    }
  }
  const origin = indexToPatient(affine, [0, 0, 0]);
  return {
    voxels: out,
    shape: [nz, ny, nx],
    spacing: [spacing[a], spacing[b], spacing[c]],
    affine: affineFromSteps(origin, step(affine, a), step(affine, b), step(affine, c)),
  };
}

/** Turns one axis round, in place; the affine leads to the same points of the patient. */
export function flip(volume: Volume<Int16Array>, axis: 0 | 1 | 2): Volume<Int16Array> {
  const { voxels, shape, affine } = volume;
  if (axis === 2) {
    for (let at = 0; at < voxels.length; at += shape[2]) voxels.subarray(at, at + shape[2]).reverse();
  } else {
    // Whole slices change places, or whole rows within each slice.
    const length = axis === 0 ? shape[1] * shape[2] : shape[2];
    const block = shape[axis] * length;
    const spare = new Int16Array(length);
    for (let start = 0; start < voxels.length; start += block) {
      for (let low = start, high = start + block - length; low < high; low += length, high -= length) {
        spare.set(voxels.subarray(low, low + length));
        voxels.copyWithin(low, high, high + length);
        voxels.set(spare, high);
      }
    }
  }
  const corner: Triple = [0, 1, 2].map((i) => (i === axis ? shape[axis] - 1 : 0)) as unknown as Triple;
  const turned = (i: Axis): Point => {
    const [l, p, s] = step(affine, i);
    return i === axis ? [-l, -p, -s] : [l, p, s];
  };
  return { ...volume, affine: affineFromSteps(indexToPatient(affine, corner), turned(0), turned(1), turned(2)) };
}

/** The step along an axis of the array, LPS millimetres. */
function step(affine: Affine, axis: Axis): Point {
  return [affine[axis], affine[axis + 4]!, affine[axis + 8]!];
}
