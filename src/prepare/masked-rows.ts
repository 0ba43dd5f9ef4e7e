import { withDefaults } from "../options.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Volume } from "../volume/volume.ts";
import { toFixedGrey } from "./fixed-grey.ts";
import { MASK_OPTIONS } from "./mask-image.ts";
import type { RenderOptions, RenderScene } from "./render-scene.ts";
import { TABLE_ZERO, windowTable } from "./window.ts";

/**
 * The windowed and masked scan, row by row on demand: what applyWindow and maskImage would give
 * for the whole volume, of which {@link renderClean} needs each row once and most not at all.
 */
export class MaskedRows {
  /** The last row read, fixed greys by column, from `start` to `end` and one column of padding beside each. */
  readonly values: Float64Array;
  /** First column near the lungs; everything before is padding. */
  start = 0;
  /** Column after the last one near the lungs; 0 for a row of padding. */
  end = 0;
  private readonly padding: number;
  /** Fixed grey by Hounsfield units from {@link TABLE_ZERO} on, for voxels in the lungs. */
  private readonly inLungs: Float64Array;
  /** The same for voxels beside them, where bone is padding. */
  private readonly beside: Float64Array;

  private readonly volume: Volume<Int16Array>;
  private readonly lungs: BitVolume;
  private readonly near: BitVolume;

  constructor({ volume, lungs, near, padValue }: RenderScene, options: RenderOptions) {
    [this.volume, this.lungs, this.near] = [volume, lungs, near];
    const { boneThreshold } = withDefaults(MASK_OPTIONS, options);
    const greys = windowTable(options);
    this.values = new Float64Array(near.wordsPerRow * 32 + 1);
    this.padding = toFixedGrey(padValue);
    this.inLungs = fixedTable(greys, toFixedGrey);
    this.beside = fixedTable(greys, (grey) => toFixedGrey(grey > boneThreshold ? padValue : grey));
  }

  /** Reads a row, all slices' rows counted on, into `values`, `start` and `end`. */
  read(row: number): void {
    const { wordsPerRow, words } = this.near;
    const at = row * wordsPerRow;
    let first = 0;
    let last = wordsPerRow - 1;
    while (first <= last && words[at + first] === 0) first++;
    while (last > first && words[at + last] === 0) last--;
    this.start = 0;
    this.end = 0;
    if (first > last) return;
    const low = words[at + first]!;
    this.start = first * 32 + 31 - Math.clz32(low & -low);
    this.end = last * 32 + 32 - Math.clz32(words[at + last]!);
    if (this.start > 0) this.values[this.start - 1] = this.padding;
    this.values[this.end] = this.padding;
    this.readRuns(at, first, last, row * this.volume.shape[2]);
  }

  /** Reads the row from turn to turn, a turn being where one of the masks changes. */
  private readRuns(at: number, first: number, last: number, rowStart: number): void {
    let from = this.start;
    let nearBefore = 0;
    let lungsBefore = 0;
    for (let w = first; w <= last; w++) {
      const near = this.near.words[at + w]!;
      const lungs = this.lungs.words[at + w]!;
      let turns = (near ^ ((near << 1) | nearBefore)) | (lungs ^ ((lungs << 1) | lungsBefore));
      while (turns !== 0) {
        const low = turns & -turns;
        turns ^= low;
        const x = w * 32 + 31 - Math.clz32(low);
        if (x <= from) continue;
        this.readRun(at, from, x, rowStart);
        from = x;
      }
      nearBefore = near >>> 31;
      lungsBefore = lungs >>> 31;
    }
    if (this.end > from) this.readRun(at, from, this.end, rowStart);
  }

  /** Reads columns `from` to `to`, which are alike in both masks. */
  private readRun(at: number, from: number, to: number, rowStart: number): void {
    const word = at + (from >> 5);
    const bit = 1 << (from & 31);
    if ((this.near.words[word]! & bit) === 0) {
      this.values.fill(this.padding, from, to);
      return;
    }
    const table = (this.lungs.words[word]! & bit) === 0 ? this.beside : this.inLungs;
    lookUp(table, this.volume.voxels, rowStart, from, to, this.values);
  }
}

/** Applies a function to a rising table; its ends, most of it, are not gone through one by one. */
function fixedTable(greys: Uint8Array, fixed: (grey: number) => number): Float64Array {
  const darkest = greys[0]!;
  const brightest = greys[greys.length - 1]!;
  const from = greys.lastIndexOf(darkest) + 1;
  const to = Math.max(greys.indexOf(brightest), from);
  const table = new Float64Array(greys.length).fill(fixed(darkest), 0, from).fill(fixed(brightest), to);
  for (let i = from; i < to; i++) table[i] = fixed(greys[i]!);
  return table;
}

function lookUp(
  table: Float64Array,
  hu: Int16Array,
  rowStart: number,
  from: number,
  to: number,
  out: Float64Array,
): void {
  let x = from;
  let i = rowStart + from;
  for (const whole = to - 3; x < whole; x += 4, i += 4) {
    out[x] = table[hu[i]! + TABLE_ZERO]!;
    out[x + 1] = table[hu[i + 1]! + TABLE_ZERO]!;
    out[x + 2] = table[hu[i + 2]! + TABLE_ZERO]!;
    out[x + 3] = table[hu[i + 3]! + TABLE_ZERO]!;
  }
  for (; x < to; x++, i++) out[x] = table[hu[i]! + TABLE_ZERO]!;
}
