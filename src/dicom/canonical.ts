import { affineFromSteps, indexToPatient, type Point } from "../volume/affine.ts";
import type { Triple, Volume } from "../volume/volume.ts";

/**
 * Turns an axial volume so that x runs to the patient's left and y to the back; the slices
 * already ascend towards the head. Voxels only move, none is computed anew.
 *
 * @param volume - its voxels are turned in place
 * @returns the volume on its new grid, the affine leading to the same points of the patient
 */
export function canonical(volume: Volume<Int16Array>): Volume<Int16Array> {
  let turned = volume;
  const step = (axis: 1 | 2): Point => stepOf(turned, axis);
  if (Math.abs(step(2)[0]) < Math.abs(step(2)[1])) turned = swapRowsAndColumns(turned);
  if (step(1)[1] < 0) turned = flipRows(turned);
  if (step(2)[0] < 0) turned = flipColumns(turned);
  return turned;
}

function flipRows(volume: Volume<Int16Array>): Volume<Int16Array> {
  const {
    voxels,
    shape: [nz, ny, nx],
  } = volume;
  const spare = new Int16Array(nx);
  for (let z = 0; z < nz; z++) {
    for (let low = z * ny, high = low + ny - 1; low < high; low++, high--) {
      spare.set(voxels.subarray(low * nx, (low + 1) * nx));
      voxels.copyWithin(low * nx, high * nx, (high + 1) * nx);
      voxels.set(spare, high * nx);
    }
  }
  return { ...volume, affine: affineFrom(volume, [0, ny - 1, 0], 1) };
}

function flipColumns(volume: Volume<Int16Array>): Volume<Int16Array> {
  const {
    voxels,
    shape: [nz, ny, nx],
  } = volume;
  for (let row = 0; row < nz * ny; row++) voxels.subarray(row * nx, (row + 1) * nx).reverse();
  return { ...volume, affine: affineFrom(volume, [0, 0, nx - 1], 2) };
}

/** The affine when counting along one axis begins at its other end. */
function affineFrom(volume: Volume<Int16Array>, corner: Triple, turned: 1 | 2): Volume["affine"] {
  const [z, y, x] = [stepOf(volume, 0), stepOf(volume, 1), stepOf(volume, 2)];
  const back = ([l, p, s]: Point): Point => [-l, -p, -s];
  const origin = indexToPatient(volume.affine, corner);
  return affineFromSteps(origin, z, turned === 1 ? back(y) : y, turned === 2 ? back(x) : x);
}

function swapRowsAndColumns(volume: Volume<Int16Array>): Volume<Int16Array> {
  const {
    voxels,
    spacing,
    shape: [nz, ny, nx],
  } = volume;
  const spare = new Int16Array(ny * nx);
  for (let z = 0; z < nz; z++) {
    const slice = voxels.subarray(z * ny * nx, (z + 1) * ny * nx);
    spare.set(slice);
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) slice[x * ny + y] = spare[y * nx + x]!;
  }
  const origin = indexToPatient(volume.affine, [0, 0, 0]);
  return {
    voxels,
    shape: [nz, nx, ny],
    spacing: [spacing[0], spacing[2], spacing[1]],
    affine: affineFromSteps(origin, stepOf(volume, 0), stepOf(volume, 2), stepOf(volume, 1)),
  };
}

/** The step along an axis of the array, LPS millimetres. */
function stepOf({ affine }: Volume<Int16Array>, axis: 0 | 1 | 2): Point {
  return [affine[axis]!, affine[4 + axis]!, affine[8 + axis]!];
}
