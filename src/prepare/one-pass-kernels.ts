import type { Kernels } from "../simd/kernels.ts";
import { exactGrey, type OnePassScene } from "./one-pass-scene.ts";

/**
 * Half the width, in grey values, of what single precision leaves in doubt. Each of three blends of
 * values below 256 rounds a weight, a difference, a product and a sum, each by at most 2^-17: less
 * than 1e-4 in all.
 */
const DOUBT = 2 ** -13;

/**
 * Makes clean by kernels/one-pass-clean.ts: each slice of the scan once on the rows and columns of the box,
 * each slice of the box from two of these. Where single precision does not settle the rounding,
 * the voxel is computed anew.
 */
export function onePassWithKernels(simd: Kernels, scene: OnePassScene): Uint8Array {
  const { volume, lungs, near, size, z: axis } = scene;
  const [, scanRows, scanColumns] = volume.shape;
  const [depth, rows, columns] = size;
  const pixels = scanRows * scanColumns;
  const words = scanRows * near.wordsPerRow;
  const count = rows * columns;

  simd.begin();
  const floats = (values: Float64Array) => {
    const at = simd.reserve(4 * values.length);
    new Float32Array(simd.buffer, at, values.length).set(values);
    return at;
  };
  const shiftedGreys = (greys: Uint8Array) => {
    const at = simd.reserve(4 * greys.length);
    simd.run.shiftGreys(simd.put(greys), greys.length, at);
    return at;
  };
  const inLungs = shiftedGreys(scene.inLungs);
  const beside = shiftedGreys(scene.beside);
  const left = simd.put(everyOther(scene.x.index, 0, Int32Array));
  const right = floats(everyOther(scene.x.weight, 1, Float64Array));
  const rowPair = simd.put(scene.y.index);
  const rowWeight = floats(everyOther(scene.y.weight, 1, Float64Array));
  const row = simd.reserve(4 * (32 * near.wordsPerRow + 1));
  const [line0, line1] = [simd.reserve(4 * columns + 16), simd.reserve(4 * columns + 16)];
  const grid = simd.put(
    Int32Array.of(
      scanRows,
      scanColumns,
      rows,
      columns,
      inLungs,
      beside,
      0,
      left,
      right,
      rowPair,
      rowWeight,
      row,
      line0,
      line1,
    ),
  );
  const slice = simd.reserve(2 * pixels);
  const nearBits = simd.reserve(4 * words);
  const lungBits = simd.reserve(4 * words);
  const planes = [simd.reserve(4 * count + 64), simd.reserve(4 * count + 64)] as const;
  const greys = simd.reserve(count + 16);
  const doubts = simd.reserve(4 * count);
  // Nothing is reserved from here on, so views stay valid.
  new Float32Array(simd.buffer, grid + 24, 1)[0] = scene.padValue + 0.5;
  const sliceView = new Int16Array(simd.buffer, slice, pixels);
  const nearView = new Uint32Array(simd.buffer, nearBits, words);
  const lungView = new Uint32Array(simd.buffer, lungBits, words);
  const greyView = new Uint8Array(simd.buffer, greys, count);

  const held = [-1, -1];
  /** The slot that holds a slice of the scan, cleaned now unless it is there; `other` must stay. */
  const slotOf = (k: number, other: number): number => {
    const slot = held.indexOf(k) >= 0 ? held.indexOf(k) : held[0] === other ? 1 : 0;
    if (held[slot] === k) return planes[slot]!;
    held[slot] = k;
    sliceView.set(volume.voxels.subarray(k * pixels, (k + 1) * pixels));
    nearView.set(near.words.subarray(k * words, (k + 1) * words));
    lungView.set(lungs.words.subarray(k * words, (k + 1) * words));
    simd.run.cleanPlane(grid, slice, nearBits, lungBits, planes[slot]!);
    return planes[slot]!;
  };

  const out = new Uint8Array(depth * count);
  for (let z = 0; z < depth; z++) {
    const first = axis.index[2 * z]!;
    const second = axis.index[2 * z + 1]!;
    const a = slotOf(first, second);
    const b = slotOf(second, first);
    const found = simd.run.blendPlanes(a, b, axis.weight[2 * z + 1]!, count, DOUBT, greys, doubts);
    out.set(greyView, z * count);
    for (const i of simd.ints(doubts, found)) {
      out[z * count + i] = exactGrey(scene, z, Math.floor(i / columns), i % columns);
    }
  }
  return out;
}

/** Every second value, from the first or from the second on. */
function everyOther<T extends Int32Array | Float64Array>(
  values: T,
  from: 0 | 1,
  Type: { from(v: ArrayLike<number>): T },
): T {
  return Type.from(values.filter((_, i) => i % 2 === from));
}
