import { type Kernels, kernels } from "../simd/kernels.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";

/** A box of voxels: `low` belongs to it, `high` does not. Order `[z, y, x]`. */
export interface Box {
  readonly low: Triple;
  readonly high: Triple;
}

/** The smallest box that holds every true voxel; undefined for an empty mask. */
export function boundingBox(mask: BitVolume): Box | undefined {
  const simd = kernels();
  const { planes, rows, columns } = simd === undefined ? extent(mask) : extentWith(simd, mask);
  if (planes[0] < 0) return undefined;
  const firstWord = columns.findIndex((bits) => bits !== 0);
  const lastWord = columns.findLastIndex((bits) => bits !== 0);
  const low = columns[firstWord]!;
  return {
    low: [planes[0], rows[0], firstWord * 32 + 31 - Math.clz32(low & -low)],
    high: [planes[1] + 1, rows[1] + 1, lastWord * 32 + 32 - Math.clz32(columns[lastWord]!)],
  };
}

/** First and last plane and row with a true voxel, -1 for none, and all rows' words ored. */
interface Extent {
  readonly planes: readonly [first: number, last: number];
  readonly rows: readonly [first: number, last: number];
  readonly columns: Uint32Array;
}

function extent(mask: BitVolume): Extent {
  const [nz, ny] = mask.shape;
  const { words, wordsPerRow } = mask;
  const columns = new Uint32Array(wordsPerRow);
  const planes: [number, number] = [-1, -1];
  const rows: [number, number] = [ny, -1];
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const row = i;
      let any = 0;
      for (; i < row + wordsPerRow; i++) any |= words[i]!;
      if (any === 0) continue;
      for (let w = 0; w < wordsPerRow; w++) columns[w]! |= words[row + w]!;
      if (planes[0] < 0) planes[0] = z;
      planes[1] = z;
      rows[0] = Math.min(rows[0], y);
      rows[1] = Math.max(rows[1], y);
    }
  }
  return { planes, rows, columns };
}

/** The same by kernels/bits.ts. */
function extentWith(simd: Kernels, { shape: [nz, ny], words, wordsPerRow }: BitVolume): Extent {
  simd.begin();
  const bits = simd.put(words);
  const columns = simd.zeros(4 * wordsPerRow);
  const bounds = simd.reserve(16);
  simd.run.boundsOf(bits, nz, ny, wordsPerRow, columns, bounds);
  const [z0, z1, y0, y1] = simd.ints(bounds, 4) as unknown as [number, number, number, number];
  return { planes: [z0, z1], rows: [y0, y1], columns: simd.words(columns, wordsPerRow).slice() };
}

/**
 * The box widened by a margin (voxels a side, per axis) as far as the volume goes, and along x to
 * whole words, so that cutting it out moves words and not bits.
 */
export function workingBox(box: Box, shape: Triple, margin: Triple): Box {
  const low = box.low.map((v, i) => Math.max(0, v - margin[i]!));
  const high = box.high.map((v, i) => Math.min(shape[i]!, v + margin[i]!));
  return {
    low: [low[0]!, low[1]!, low[2]! & ~31],
    high: [high[0]!, high[1]!, Math.min(shape[2], (high[2]! + 31) & ~31)],
  };
}

/** Cuts a box out of a mask. The box must begin and end at whole words ({@link workingBox}). */
export function cutOut(mask: BitVolume, box: Box): BitVolume {
  const part = new BitVolume([box.high[0] - box.low[0], box.high[1] - box.low[1], box.high[2] - box.low[2]]);
  const whole = mask.words;
  const words = part.words;
  const width = part.wordsPerRow;
  let to = 0;
  for (let z = box.low[0]; z < box.high[0]; z++) {
    for (let y = box.low[1]; y < box.high[1]; y++) {
      const from = (z * mask.shape[1] + y) * mask.wordsPerRow + (box.low[2] >> 5);
      for (let w = 0; w < width; w++) words[to++] = whole[from + w]!;
    }
  }
  return part;
}

/** Puts what {@link cutOut} took back into an otherwise empty mask of the given shape. */
export function pasteInto(shape: Triple, part: BitVolume, box: Box): BitVolume {
  const mask = new BitVolume(shape);
  const whole = mask.words;
  const words = part.words;
  const width = part.wordsPerRow;
  let from = 0;
  for (let z = box.low[0]; z < box.high[0]; z++) {
    for (let y = box.low[1]; y < box.high[1]; y++) {
      const to = (z * shape[1] + y) * mask.wordsPerRow + (box.low[2] >> 5);
      for (let w = 0; w < width; w++) whole[to + w] = words[from++]!;
    }
  }
  return mask;
}
