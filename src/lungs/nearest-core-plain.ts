import { boxDilate } from "../ops/box-dilate.ts";
import { FeatureTransform } from "../ops/feature-transform.ts";
import { extractRuns } from "../ops/runs.ts";
import { BitVolume, popcount } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";

/** Larger boxes follow where these gave away at least one in so many voxels. */
const WORTH_WHILE = 4;

/** Two halves of a mask while its voxels are given away: steps of `splitByNearestCore`. */
export interface Halves {
  /**
   * Gives away what lies within a box around one core while the other core has nothing in a larger
   * box. What lies in the smaller boxes and is not given away is ripe: no larger boxes can decide it.
   *
   * @param inner - radii of the smaller box, voxels
   * @param outer - radii of the larger box
   * @param level - marks the planes in which voxels become ripe
   * @returns whether so much was given away that larger boxes are worth while, and they may decide any of the rest
   */
  decideByBoxes(inner: Triple, outer: Triple, level: number): boolean;
  /** Makes all of the rest ripe and marks its planes. */
  ripenRest(level: number): void;
  /**
   * Gives ripe voxels to the core that is nearer by exact distances, and ties to neither.
   *
   * @param reaches - for each level how far the sites that matter lie from ripe voxels, `[z, y, x]`
   */
  decideRipe(spacing: Triple, reaches: readonly Triple[]): void;
  /** The halves; to be asked for once. */
  result(): [first: BitVolume, second: BitVolume];
}

/** Plain twin of `KernelHalves`. */
export class PlainHalves implements Halves {
  private readonly first: BitVolume;
  private readonly second: BitVolume;
  private readonly rest: BitVolume;
  private readonly ripe: BitVolume;
  /** The last level at which voxels of a plane became ripe. */
  private readonly levels: Int32Array;

  constructor(
    mask: BitVolume,
    private readonly core1: BitVolume,
    private readonly core2: BitVolume,
  ) {
    this.first = core1.clone();
    this.second = core2.clone();
    this.ripe = new BitVolume(mask.shape);
    this.rest = mask.clone();
    this.rest.words.forEach((word, i, words) => {
      words[i] = word & ~core1.words[i]! & ~core2.words[i]!;
    });
    this.levels = new Int32Array(mask.shape[0]);
  }

  decideByBoxes(inner: Triple, outer: Triple, level: number): boolean {
    const { first, second, rest, core1, core2 } = this;
    const near = [boxDilate(core1, inner), boxDilate(core2, inner)] as const;
    const maybe = [boxDilate(core1, outer), boxDilate(core2, outer)] as const;
    let seen = 0;
    let given = 0;
    let hopeful = 0;
    for (let i = 0; i < rest.words.length; i++) {
      const word = rest.words[i]!;
      if (word === 0) continue;
      const to1 = word & near[0].words[i]! & ~maybe[1].words[i]!;
      const to2 = word & near[1].words[i]! & ~maybe[0].words[i]!;
      const left = word & ~near[0].words[i]! & ~near[1].words[i]!;
      seen += popcount(word);
      given += popcount(to1 | to2);
      first.words[i]! |= to1;
      second.words[i]! |= to2;
      this.ripen(i, word & ~(to1 | to2 | left), level);
      rest.words[i] = left;
      hopeful |= left & ~(maybe[0].words[i]! & maybe[1].words[i]!);
    }
    return hopeful !== 0 && WORTH_WHILE * given >= seen;
  }

  ripenRest(level: number): void {
    this.rest.words.forEach((word, i) => {
      this.ripen(i, word, level);
    });
  }

  private ripen(i: number, bits: number, level: number): void {
    if (bits === 0) return;
    this.ripe.words[i]! |= bits;
    this.levels[Math.floor(i / (this.ripe.shape[1] * this.ripe.wordsPerRow))] = level;
  }

  decideRipe(spacing: Triple, reaches: readonly Triple[]): void {
    const { first, second } = this;
    const [nz, ny, nx] = first.shape;
    const runs = extractRuns(this.ripe);
    if (runs.count === 0) return;
    const transforms = [new FeatureTransform(this.core1, spacing), new FeatureTransform(this.core2, spacing)] as const;
    const distances = [new Float64Array(ny * nx), new Float64Array(ny * nx)] as const;
    for (let z = 0; z < nz; z++) {
      const [, rows, columns] = reaches[this.levels[z]!]!;
      for (const k of [0, 1] as const) transforms[k].distances(z, runs, [rows, columns], distances[k]);
      for (let row = z * ny; row < (z + 1) * ny; row++) {
        for (let i = runs.rowStart[row]!; i < runs.rowStart[row + 1]!; i++) {
          for (let x = runs.start[i]!; x < runs.end[i]!; x++) {
            const at = (row - z * ny) * nx + x;
            if (distances[0][at]! < distances[1][at]!) first.set(z, row - z * ny, x);
            else if (distances[0][at]! > distances[1][at]!) second.set(z, row - z * ny, x);
          }
        }
      }
    }
  }

  result(): [first: BitVolume, second: BitVolume] {
    return [this.first, this.second];
  }
}
