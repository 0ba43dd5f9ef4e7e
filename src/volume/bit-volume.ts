import { invalidOption } from "../errors.ts";
import { kernels } from "../simd/kernels.ts";
import { type Triple, voxelCount } from "./volume.ts";

/**
 * A mask with one bit a voxel.
 *
 * Rows (the x axis) are padded to whole 32-bit words: voxel `(z, y, x)` is bit `x & 31` of
 * `words[(z * shape[1] + y) * wordsPerRow + (x >> 5)]`. Padding bits are always 0; every
 * operation keeps that, so words can be counted and compared without a look at the width.
 */
export class BitVolume {
  readonly shape: Triple;
  /** 32-bit words in a row: `ceil(shape[2] / 32)`. */
  readonly wordsPerRow: number;
  readonly words: Uint32Array;

  /**
   * @param shape - `[z, y, x]`, positive integers
   * @param words - storage to adopt instead of new zeros; padding bits must be 0
   * @throws PleuraError `invalid-option` when the storage has another size
   */
  constructor(shape: Triple, words?: Uint32Array) {
    this.shape = shape;
    this.wordsPerRow = (shape[2] + 31) >>> 5;
    const size = shape[0] * shape[1] * this.wordsPerRow;
    if (words !== undefined && words.length !== size) throw invalidOption("words", `${size} words`, words.length);
    this.words = words ?? new Uint32Array(size);
  }

  /** Packs bytes (anything but 0 is true), C-ordered. */
  static fromBytes(shape: Triple, bytes: ArrayLike<number>): BitVolume {
    if (bytes.length !== voxelCount(shape)) throw invalidOption("bytes", `${voxelCount(shape)} values`, bytes.length);
    const out = new BitVolume(shape);
    const nx = shape[2];
    for (let row = 0, i = 0; row < shape[0] * shape[1]; row++) {
      for (let x = 0; x < nx; x++, i++) {
        if (bytes[i]) out.words[row * out.wordsPerRow + (x >> 5)]! |= 1 << (x & 31);
      }
    }
    return out;
  }

  /** One byte a voxel, 0 or `value`, C-ordered. */
  toBytes(value = 1): Uint8Array {
    const [nz, ny, nx] = this.shape;
    const out = new Uint8Array(voxelCount(this.shape));
    for (let row = 0; row < nz * ny; row++) {
      for (let w = 0; w < this.wordsPerRow; w++) {
        let bits = this.words[row * this.wordsPerRow + w]!;
        while (bits !== 0) {
          const low = bits & -bits;
          out[row * nx + w * 32 + 31 - Math.clz32(low)] = value;
          bits ^= low;
        }
      }
    }
    return out;
  }

  /** Whether a voxel is true; indices are not checked. */
  get(z: number, y: number, x: number): boolean {
    return ((this.words[(z * this.shape[1] + y) * this.wordsPerRow + (x >> 5)]! >>> (x & 31)) & 1) === 1;
  }

  /** Sets a voxel; indices are not checked. */
  set(z: number, y: number, x: number, value = true): void {
    const i = (z * this.shape[1] + y) * this.wordsPerRow + (x >> 5);
    if (value) this.words[i]! |= 1 << (x & 31);
    else this.words[i]! &= ~(1 << (x & 31));
  }

  /** Number of true voxels. */
  count(): number {
    const { words } = this;
    const simd = kernels();
    if (simd !== undefined) {
      simd.begin();
      return simd.run.countBits(simd.put(words), words.length);
    }
    let n = 0;
    for (let i = 0; i < words.length; i++) if (words[i] !== 0) n += popcount(words[i]!);
    return n;
  }

  /** The voxels of either mask; both must have the same shape. */
  union(other: BitVolume): BitVolume {
    const { words } = this;
    const simd = kernels();
    if (simd !== undefined) {
      simd.begin();
      const into = simd.put(words);
      simd.run.orBits(into, simd.put(other.words), words.length);
      return new BitVolume(this.shape, simd.words(into, words.length).slice());
    }
    const out = this.clone();
    for (let i = 0; i < words.length; i++) out.words[i]! |= other.words[i]!;
    return out;
  }

  /** A copy with words of its own. */
  clone(): BitVolume {
    return new BitVolume(this.shape, this.words.slice());
  }

  /** Whether both masks have the same shape and the same voxels. */
  equals(other: BitVolume): boolean {
    if (!this.shape.every((n, i) => n === other.shape[i])) return false;
    for (let i = 0; i < this.words.length; i++) if (this.words[i] !== other.words[i]) return false;
    return true;
  }
}

/** Number of set bits of a 32-bit word. */
export function popcount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
