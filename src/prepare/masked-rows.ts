import type { BitVolume } from "../volume/bit-volume.ts";
import type { Volume } from "../volume/volume.ts";
import type { MaskOptions } from "./mask-image.ts";
import { windowTable, type WindowOptions } from "./window.ts";

/**
 * The windowed and masked scan, row by row on demand: what applyWindow and maskImage would give
 * for the whole volume, of which {@link renderClean} needs each row once and most not at all.
 */
export class MaskedRows {
  /** The last row read: grey values by column, from `start` to `end` and one column of padding beside each. */
  readonly values: Float64Array;
  /** First column near the lungs; everything before is padding. */
  start = 0;
  /** Column after the last one near the lungs; not above `start` for a row of padding. */
  end = 0;
  /** Grey value by the low 16 bits of the Hounsfield units, for voxels in the lungs. */
  private readonly inLungs: Float64Array;
  /** The same for voxels beside them, where bone is padding. */
  private readonly beside: Float64Array;

  /**
   * @param lungs - both lungs, of the volume's shape
   * @param near - both dilated lungs, of the volume's shape
   */
  constructor(
    private readonly volume: Volume<Int16Array>,
    private readonly lungs: BitVolume,
    private readonly near: BitVolume,
    private readonly padValue: number,
    boneThreshold: number,
    window: WindowOptions,
  ) {
    this.values = new Float64Array(near.wordsPerRow * 32);
    this.inLungs = Float64Array.from(windowTable(window));
    this.beside = this.inLungs.map((value) => (value > boneThreshold ? padValue : value));
  }

  /** Grey value of one voxel. */
  valueAt(z: number, y: number, x: number): number {
    if (!this.near.get(z, y, x)) return this.padValue;
    const [, ny, nx] = this.volume.shape;
    const table = this.lungs.get(z, y, x) ? this.inLungs : this.beside;
    return table[this.volume.voxels[(z * ny + y) * nx + x]! & 0xffff]!;
  }

  /** Reads a row, all slices' rows counted on, into `values`, `start` and `end`. */
  read(row: number): void {
    const { wordsPerRow, words } = this.near;
    const at = row * wordsPerRow;
    let first = 0;
    let last = wordsPerRow - 1;
    while (first <= last && words[at + first] === 0) first++;
    while (last > first && words[at + last] === 0) last--;
    if (first > last) {
      this.start = this.end = 0;
      return;
    }
    const low = words[at + first]!;
    this.start = first * 32 + 31 - Math.clz32(low & -low);
    this.end = last * 32 + 32 - Math.clz32(words[at + last]!);
    for (let w = first; w <= last; w++) this.readWord(at + w, w * 32, row * this.volume.shape[2] + w * 32);
    if (this.start > 0) this.values[this.start - 1] = this.padValue;
    if (this.end < this.values.length) this.values[this.end] = this.padValue;
  }

  /** Reads the up to 32 voxels of one word of the masks. */
  private readWord(word: number, column: number, voxel: number): void {
    const { values, inLungs, beside, padValue } = this;
    const { voxels } = this.volume;
    const near = this.near.words[word]! | 0;
    const lungs = this.lungs.words[word]! | 0;
    if (near === -1 && lungs === -1) {
      for (let i = 0; i < 32; i++) values[column + i] = inLungs[voxels[voxel + i]! & 0xffff]!;
    } else if (near === -1 && lungs === 0) {
      for (let i = 0; i < 32; i++) values[column + i] = beside[voxels[voxel + i]! & 0xffff]!;
    } else {
      for (let i = 0; i < 32; i++) {
        const bit = 1 << i;
        if ((near & bit) === 0) values[column + i] = padValue;
        else values[column + i] = ((lungs & bit) === 0 ? beside : inLungs)[voxels[voxel + i]! & 0xffff]!;
      }
    }
  }
}
