import { extractRuns, setRun } from "../../ops/runs.ts";
import { BitVolume } from "../../volume/bit-volume.ts";
import { type Triple, type Volume, voxelCount } from "../../volume/volume.ts";

/** A coarse copy of a scan, on which everything that is about shape is decided. */
export interface WorkGrid {
  /** Voxels of the scan that one voxel of the grid stands for, along each axis. */
  readonly factor: Triple;
  readonly shape: Triple;
  readonly spacing: Triple;
  /** Shape of the scan. */
  readonly scan: Triple;
  /** Mean of each block of the scan, HU (calibrated where the scan had to be). */
  readonly mean: Int16Array;
  /** Greatest value of each block, in the same units. */
  readonly most: Int16Array;
}

/** Columns and rows that the grid has at least, as far as the scan has them: a trachea is then 4 to 7 voxels wide. */
const ACROSS = 128;

/** What lies below is padding around the field of view, and counts as air: no matter attenuates less than vacuum. */
const LEAST_HU = -1024;

/**
 * Averages a scan over blocks: as many voxels as leave some 128 across, and slices so that the blocks
 * are about as high as wide. A small patient has a small field of view, so the grid fits him too.
 */
export function workGrid(volume: Volume<Int16Array>): WorkGrid {
  const [nz, ny, nx] = volume.shape;
  const fy = Math.max(1, Math.floor(Math.max(ny, nx) / ACROSS));
  const wide = fy * Math.max(volume.spacing[1], volume.spacing[2]);
  const fz = Math.max(1, Math.min(nz, Math.floor(wide / volume.spacing[0] + 0.25)));
  const factor: Triple = [fz, fy, fy];
  const shape: Triple = [Math.ceil(nz / fz), Math.ceil(ny / fy), Math.ceil(nx / fy)];
  const spacing: Triple = [fz * volume.spacing[0], fy * volume.spacing[1], fy * volume.spacing[2]];
  const mean = new Int16Array(voxelCount(shape));
  const most = new Int16Array(mean.length);
  const sums = new Float64Array(shape[2]);
  const peaks = new Int16Array(shape[2]);
  for (let z = 0, to = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++, to += shape[2]) {
      sums.fill(0);
      peaks.fill(-32768);
      let rows = 0;
      for (let k = z * fz; k < Math.min(nz, (z + 1) * fz); k++) {
        for (let j = y * fy; j < Math.min(ny, (y + 1) * fy); j++) {
          addRow(volume.voxels, (k * ny + j) * nx, nx, fy, sums, peaks);
          rows++;
        }
      }
      for (let x = 0; x < shape[2]; x++) {
        const columns = Math.min(nx, (x + 1) * fy) - x * fy;
        mean[to + x] = Math.round(sums[x]! / (rows * columns));
        most[to + x] = peaks[x]!;
      }
    }
  }
  return { factor, shape, spacing, scan: volume.shape, mean, most };
}

function addRow(voxels: Int16Array, base: number, nx: number, f: number, sums: Float64Array, peaks: Int16Array): void {
  for (let x = 0, i = base; i < base + nx; x++) {
    let sum = 0;
    let peak = peaks[x]!;
    for (const end = Math.min(base + nx, i + f); i < end; i++) {
      const v = voxels[i]!;
      const hu = Math.max(v, LEAST_HU);
      sum += hu;
      if (hu > peak) peak = hu;
    }
    sums[x]! += sum;
    peaks[x] = peak;
  }
}

/** The voxels whose value lies below a limit, as a mask of the grid's shape. */
export function below(values: Int16Array, shape: Triple, limit: number): BitVolume {
  const out = new BitVolume(shape);
  const nx = shape[2];
  for (let row = 0, i = 0; row < shape[0] * shape[1]; row++) {
    const base = row * out.wordsPerRow;
    for (let x = 0; x < nx; x++, i++) if (values[i]! < limit) out.words[base + (x >> 5)]! |= 1 << (x & 31);
  }
  return out;
}

/** Means over 3 × 3 voxels in the slice, and over three slices where these are thin. The border repeats. */
export function smoothed(values: Int16Array, shape: Triple, acrossSlices: boolean): Int16Array {
  const [nz, ny, nx] = shape;
  const plane = ny * nx;
  let from = Int16Array.from(values);
  let to = new Int16Array(values.length);
  const pass = (n: number, stride: number) => {
    for (let i = 0; i < from.length; i++) {
      const k = Math.floor(i / stride) % n;
      const a = from[k > 0 ? i - stride : i]!;
      const b = from[k + 1 < n ? i + stride : i]!;
      to[i] = (a + from[i]! + b) / 3;
    }
    [from, to] = [to, from];
  };
  pass(nx, 1);
  pass(ny, nx);
  if (acrossSlices && nz > 1) pass(nz, plane);
  return from;
}

/** A mask of the grid on the scan's own voxels. */
export function onScan(mask: BitVolume, { factor: [fz, fy, fx], scan }: WorkGrid): BitVolume {
  const out = new BitVolume(scan);
  const { start, end, rowStart, rowsPerPlane } = extractRuns(mask);
  const n = out.wordsPerRow;
  for (let z = 0; z < scan[0]; z++) {
    for (let y = 0; y < scan[1]; y++) {
      const row = Math.floor(z / fz) * rowsPerPlane + Math.floor(y / fy);
      const base = (z * scan[1] + y) * n;
      for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
        setRun(out.words, base, start[i]! * fx, Math.min(scan[2], end[i]! * fx));
      }
    }
  }
  return out;
}
