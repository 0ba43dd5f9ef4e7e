import { boundingBox } from "../ops/box.ts";
import { type Affine, composeAffine } from "../volume/affine.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Triple, Volume, VoxelArray } from "../volume/volume.ts";

/** Smooth values on a coarse grid; a surface runs where they cross one half. */
export interface Density {
  /** C-ordered. The outermost layer is 0 on all sides, so that every surface is closed. */
  readonly values: Float32Array;
  readonly shape: Triple;
  /** Index `[z, y, x]` → LPS millimetres. */
  readonly affine: Affine;
}

/** Layers of zeros around what is sampled: as far as smoothing reaches, and one to close the surface. */
const BORDER = 3;
/**
 * Passes of the kernel 1-2-1 along each axis, a Gaussian whose variance is half a cell squared
 * each. A mask has steps to smooth away; grey values have noise only, and thin bones to lose.
 */
const MASK_PASSES: Triple = [2, 2, 2];
const VOLUME_PASSES: Triple = [0, 1, 1];

/**
 * The share of each coarse cell that a mask covers, smoothed.
 *
 * @param mask - only its bounding box is looked at
 * @param spacing - of the mask's grid, `[z, y, x]`, mm
 * @param affine - of the mask's grid
 * @param cell - side that cells shall have, mm; voxels are joined to come near it, never divided
 * @returns `undefined` for an empty mask
 */
export function densityOfMask(mask: BitVolume, spacing: Triple, affine: Affine, cell: number): Density | undefined {
  const box = boundingBox(mask);
  if (box === undefined) return undefined;
  const grid = coarseGrid(box.low, box.high, spacing, affine, cell);
  const { values, shape, join } = grid;
  const share = 1 / (join[0] * join[1] * join[2]);
  const columns = cellsOf(box.low[2], box.high[2], join[2]);
  for (let z = box.low[0]; z < box.high[0]; z++) {
    for (let y = box.low[1]; y < box.high[1]; y++) {
      const to = rowStart(grid, z - box.low[0], y - box.low[1], shape);
      const from = (z * mask.shape[1] + y) * mask.wordsPerRow;
      for (let w = box.low[2] >> 5; w << 5 < box.high[2]; w++) {
        for (let bits = mask.words[from + w]!; bits !== 0; bits &= bits - 1) {
          values[to + columns[(w << 5) + 31 - Math.clz32(bits & -bits) - box.low[2]]!]! += share;
        }
      }
    }
  }
  smooth(values, shape, MASK_PASSES);
  return grid;
}

/**
 * A volume's values on a coarse grid, smoothed, and shifted so that the threshold becomes one half.
 *
 * @param volume - its whole grid is looked at
 * @param threshold - in the volume's unit
 * @param contrast - difference from the threshold at which values are held; what a voxel half
 * full of each side has lies in the middle of it
 * @param cell - as {@link densityOfMask} takes it
 */
export function densityOfVolume(
  volume: Volume<VoxelArray>,
  threshold: number,
  contrast: number,
  cell: number,
): Density {
  const { voxels, shape: full, spacing, affine } = volume;
  const grid = coarseGrid([0, 0, 0], full, spacing, affine, cell);
  const { values, shape, join } = grid;
  const share = 1 / (join[0] * join[1] * join[2]);
  const columns = cellsOf(0, full[2], join[2]);
  const scale = share / (2 * contrast);
  const offset = share / 2 - threshold * scale;
  let at = 0;
  for (let z = 0; z < full[0]; z++) {
    for (let y = 0; y < full[1]; y++) {
      const to = rowStart(grid, z, y, shape);
      for (let x = 0; x < full[2]; x++) {
        const value = voxels[at++]! * scale + offset;
        values[to + columns[x]!]! += Math.min(Math.max(value, 0), share);
      }
    }
  }
  smooth(values, shape, VOLUME_PASSES);
  return grid;
}

interface CoarseGrid extends Density {
  /** Voxels that make one cell, along each axis. */
  readonly join: Triple;
}

function coarseGrid(low: Triple, high: Triple, spacing: Triple, affine: Affine, cell: number): CoarseGrid {
  const join = spacing.map((mm) => Math.max(1, Math.round(cell / mm))) as unknown as Triple;
  const shape = join.map((n, i) => Math.ceil((high[i]! - low[i]!) / n) + 2 * BORDER) as unknown as Triple;
  // The centre of a cell lies in the middle of the voxels that it joins.
  const [z, y, x] = join.map((n, i) => low[i]! + (n - 1) / 2 - BORDER * n) as unknown as Triple;
  const toVoxel: Affine = [join[0], 0, 0, z, 0, join[1], 0, y, 0, 0, join[2], x, 0, 0, 0, 1];
  return {
    values: new Float32Array(shape[0] * shape[1] * shape[2]),
    shape,
    affine: composeAffine(toVoxel, affine),
    join,
  };
}

/** The cell, counted along x, that each voxel of a row belongs to. */
function cellsOf(low: number, high: number, join: number): Uint16Array {
  return Uint16Array.from({ length: high - low }, (_, x) => BORDER + Math.floor(x / join));
}

function rowStart({ join }: CoarseGrid, z: number, y: number, [, ny, nx]: Triple): number {
  return ((BORDER + Math.floor(z / join[0])) * ny + BORDER + Math.floor(y / join[1])) * nx;
}

/** Smooths along all axes in place; the outermost layer stays 0. */
function smooth(values: Float32Array, [nz, ny, nx]: Triple, passes: Triple): void {
  const slice = ny * nx;
  for (let z = 1; z < nz - 1; z++) {
    for (let pass = 0; pass < passes[2]; pass++) {
      for (let y = 1; y < ny - 1; y++) smoothRow(values, z * slice + y * nx, nx);
    }
    for (let pass = 0; pass < passes[1]; pass++) smoothLines(values, z * slice, ny, nx);
  }
  for (let pass = 0; pass < passes[0]; pass++) smoothLines(values, 0, nz, slice);
}

function smoothRow(values: Float32Array, start: number, nx: number): void {
  let before = 0;
  for (let i = start + 1; i < start + nx - 1; i++) {
    const value = values[i]!;
    values[i] = (before + 2 * value + values[i + 1]!) / 4;
    before = value;
  }
}

/** Smooths across `count` lines of `length` values that follow each other, all but the first and last. */
function smoothLines(values: Float32Array, start: number, count: number, length: number): void {
  const before = new Float32Array(length);
  for (let line = 1; line < count - 1; line++) {
    const from = start + line * length;
    for (let i = 0; i < length; i++) {
      const value = values[from + i]!;
      values[from + i] = (before[i]! + 2 * value + values[from + length + i]!) / 4;
      before[i] = value;
    }
  }
}
