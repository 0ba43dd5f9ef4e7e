import type { ScanOrigin } from "../dicom/origin.ts";
import { type Affine, composeAffine, indexToPatient, invertAffine, type Point } from "../volume/affine.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import type { StoredGrid } from "../volume/stored-grid.ts";
import type { Triple } from "../volume/volume.ts";

/** A scan, its grid as its files have it, and the files' images. */
export interface ScanGrids {
  readonly shape: Triple;
  /** Index `[z, y, x]` → LPS, mm. */
  readonly affine: Affine;
  readonly stored: StoredGrid;
  readonly origin: Pick<ScanOrigin, "images">;
}

/** Masks on the grid of the scan's own images: `[slice, row, column]`, shape of the stored grid. */
export interface SourceMasks {
  readonly masks: readonly BitVolume[];
  /** Whether each voxel of the scan is a pixel of an image; false for tilted and filled scans, whose voxels lie between them. */
  readonly exact: boolean;
}

/** Steps of a turned grid are whole voxels within this. */
const SAME = 1e-3;

/** How a turned grid's axes run along another's. */
export interface Turn {
  /** For each axis of the one grid, the axis of the other that runs along it. */
  readonly axes: Triple;
  /** Whether it runs the other way. */
  readonly reversed: readonly [boolean, boolean, boolean];
}

/**
 * Brings masks from the scan's grid to that of its images as they lie in the files.
 *
 * Where the volume was only turned, each voxel moves. Where it was put upright or filled, each pixel takes the voxel whose centre is
 * nearest; beyond the volume there is nothing.
 *
 * @param masks - of the scan's shape
 */
export function toSourceGrid(masks: readonly BitVolume[], scan: ScanGrids): SourceMasks {
  const turn = turnOf(scan);
  if (turn === undefined) return { masks: sampled(masks, scan), exact: false };
  return { masks: masks.map((mask) => turned(mask, scan.stored.shape, turn)), exact: true };
}

/** How the stored grid's axes run along the scan's; `undefined` where the scan's voxels are no pixels of the files. */
export function turnOf({ shape, affine, stored }: Omit<ScanGrids, "origin">): Turn | undefined {
  if (!stored.even) return undefined;
  const toScan = composeAffine(stored.affine, invertAffine(affine));
  const axes = [0, 1, 2].map((s) => [0, 1, 2].findIndex((v) => Math.abs(Math.abs(toScan[4 * v + s]!) - 1) < 0.5));
  if (new Set(axes).size < 3 || axes.includes(-1)) return undefined;
  const corner = indexToPatient(toScan, [0, 0, 0]);
  const far = indexToPatient(toScan, stored.shape.map((n) => n - 1) as unknown as Triple);
  const reversed = axes.map((v, s) => toScan[4 * v + s]! < 0);
  const isSame = axes.every((v, s) => {
    const last = stored.shape[s]! - 1;
    const [start, end] = reversed[s] ? [last, 0] : [0, last];
    return shape[v] === last + 1 && Math.abs(corner[v]! - start) < SAME && Math.abs(far[v]! - end) < SAME;
  });
  if (!isSame) return undefined;
  return { axes: axes as unknown as Triple, reversed: reversed as unknown as Turn["reversed"] };
}

/** A mask on a turned grid. */
function turned(mask: BitVolume, shape: Triple, { axes, reversed }: Turn): BitVolume {
  const [nz, ny, nx] = shape;
  if (axes[0] === 0 && axes[1] === 1) {
    if (!reversed.includes(true)) return mask;
    const out = new BitVolume(shape);
    const n = mask.wordsPerRow;
    for (let z = 0; z < nz; z++) {
      for (let y = 0; y < ny; y++) {
        const from = ((reversed[0] ? nz - 1 - z : z) * ny + (reversed[1] ? ny - 1 - y : y)) * n;
        const row = mask.words.subarray(from, from + n);
        const to = out.words.subarray((z * ny + y) * n, (z * ny + y + 1) * n);
        if (reversed[2]) reverseRow(row, nx, to);
        else to.set(row);
      }
    }
    return out;
  }
  const out = new BitVolume(shape);
  const at: [number, number, number] = [0, 0, 0];
  for (let z = 0; z < nz; z++) {
    at[axes[0]!] = reversed[0] ? nz - 1 - z : z;
    for (let y = 0; y < ny; y++) {
      at[axes[1]!] = reversed[1] ? ny - 1 - y : y;
      for (let x = 0; x < nx; x++) {
        at[axes[2]!] = reversed[2] ? nx - 1 - x : x;
        if (mask.get(...at)) out.set(z, y, x);
      }
    }
  }
  return out;
}

/** The bits of a row in the other direction. */
export function reverseRow(row: Uint32Array, nx: number, to: Uint32Array): void {
  const n = row.length;
  const spare = 32 * n - nx;
  // As whole words the row's padding comes first and is shifted out.
  for (let w = 0; w < n; w++) {
    const low = reverseWord(row[n - 1 - w]!);
    const high = w + 1 < n ? reverseWord(row[n - 2 - w]!) : 0;
    to[w] = spare === 0 ? low : (low >>> spare) | (high << (32 - spare));
  }
}

function reverseWord(word: number): number {
  let v = ((word >>> 1) & 0x55555555) | ((word & 0x55555555) << 1);
  v = ((v >>> 2) & 0x33333333) | ((v & 0x33333333) << 2);
  v = ((v >>> 4) & 0x0f0f0f0f) | ((v & 0x0f0f0f0f) << 4);
  v = ((v >>> 8) & 0x00ff00ff) | ((v & 0x00ff00ff) << 8);
  return ((v >>> 16) | (v << 16)) >>> 0;
}

function sampled(masks: readonly BitVolume[], { shape, affine, stored, origin }: ScanGrids): BitVolume[] {
  const [nz, ny, nx] = stored.shape;
  const toIndex = invertAffine(affine);
  const out = masks.map(() => new BitVolume(stored.shape));
  for (let z = 0; z < nz; z++) {
    const image = placeOf(origin, z);
    for (let y = 0; y < ny; y++) {
      const [a, b, c] = indexToPatient(toIndex, image(y, 0) as unknown as Triple);
      const [d, e, f] = indexToPatient(toIndex, image(y, nx - 1) as unknown as Triple);
      const step = nx > 1 ? nx - 1 : 1;
      for (let x = 0; x < nx; x++) {
        const part = x / step;
        const i = Math.round(a + (d - a) * part);
        const j = Math.round(b + (e - b) * part);
        const k = Math.round(c + (f - c) * part);
        if (i < 0 || j < 0 || k < 0 || i >= shape[0] || j >= shape[1] || k >= shape[2]) continue;
        for (const [m, mask] of masks.entries()) if (mask.get(i, j, k)) out[m]!.set(z, y, x);
      }
    }
  }
  return out;
}

/** Where a pixel of an image lies: by row and column (may be fractional) to LPS, mm. */
export function placeOf({ images }: Pick<ScanOrigin, "images">, slice: number): (row: number, column: number) => Point {
  const { position, orientation, pixelSpacing } = images[slice]!;
  const [px, py, pz] = position!;
  const [rx, ry, rz, cx, cy, cz] = orientation!;
  const [dr, dc] = pixelSpacing!;
  return (row, column) => [
    px + rx * dc * column + cx * dr * row,
    py + ry * dc * column + cy * dr * row,
    pz + rz * dc * column + cz * dr * row,
  ];
}
