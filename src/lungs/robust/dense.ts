import { closeBall, dilateBall, openBall, peel } from "../../ops/ball.ts";
import { boundingBox } from "../../ops/box.ts";
import { connectedTo } from "../../ops/connected.ts";
import { intersect, subtract } from "../../ops/logic.ts";
import { extractRuns, setRun } from "../../ops/runs.ts";
import { type OptionTable, withDefaults } from "../../options.ts";
import { BitVolume } from "../../volume/bit-volume.ts";
import type { Body } from "./body.ts";
import { costalZone } from "./costal.ts";
import type { Sides } from "./split.ts";
import { below, type WorkGrid } from "./work-grid.ts";

/** Options of {@link addDense}. */
export const DENSE_OPTIONS = {
  /** Share of the other lung's outer layer, mirrored, that must be tissue on this side. */
  leastLoss: { default: 0.29, least: 0, most: 1, label: "Lost contact with the ribs", by: 0.01 },
  /** Tissue below this mean is fluid in the pleural space, not lung, HU. */
  fluid: { default: 20, unit: "HU", least: -100, most: 100, label: "Fluid up to", by: 1 },
} as const satisfies OptionTable;

/** Options of {@link addDense}; those left out have their defaults. */
export interface DenseOptions {
  readonly leastLoss?: number;
  readonly fluid?: number;
}

/** What was found on one side. */
export interface DenseSide {
  readonly mask: BitVolume;
  /** Share of the mirrored outer layer that is tissue here. */
  readonly loss: number;
  /** Mean of the tissue there, HU; NaN where there is none. */
  readonly mean: number;
}

/** Dents that are closed before sides are compared, mm in an adult: vessels, fissures. */
const SMOOTH = 12;
/** Thinner differences between the sides are normal, mm in an adult: half of it. */
const THIN = 6;
/** Fluid, muscle, organs and solid lung lie between these, fat and bone do not, HU. */
const WATERY: readonly [number, number] = [-40, 120];
/**
 * Where both sides seem to lose more than this share, the patient lies turned and the mirror is wrong, or both lungs
 * are sick and neither tells what the other should be.
 */
const MOST_OTHER = 0.25;
/** How far from the ribs solid lung reaches, mm in an adult. */
const DEPTH = 70;
/** Depth of a lung's outer layer, mm in an adult. */
const LAYER = 10;
/** Tissue lies between these, HU: no air, no bone. */
const TISSUE: readonly [number, number] = [-250, 180];

/**
 * Finds consolidated and collapsed lung: tissue where the other lung, mirrored, has lung, on the side on which a
 * large part of the outer layer along the ribs is tissue. Heart and liver do not lie there in a sound chest.
 */
export function addDense(
  grid: WorkGrid,
  soft: Int16Array,
  { right, left }: Sides,
  body: Body,
  options: DenseOptions = {},
): { right: DenseSide; left: DenseSide } {
  const { leastLoss, fluid } = withDefaults(DENSE_OPTIONS, options);
  const { spacing, shape } = grid;
  const [a, b] = [right, left].map((lung) => closeBall(lung, spacing, SMOOTH * body.size)) as [BitVolume, BitVolume];
  const middle = middleOf(right, left);
  const tissue = intersect(subtract(below(soft, shape, TISSUE[1]), below(soft, shape, TISSUE[0])), body.mask);
  const find = (own: BitVolume, other: BitVolume, aboveLiver: boolean): DenseSide => {
    const none = { mask: new BitVolume(shape), loss: 0, mean: Number.NaN };
    if (middle === undefined || own.count() === 0 || other.count() === 0) return none;
    const expected = mirror(other, middle);
    const missing = intersect(subtract(subtract(expected, own), other), tissue);
    const thick = openBall(missing, spacing, THIN * body.size);
    const layer = intersect(costalZone(expected.union(other), spacing, LAYER * body.size), expected);
    const lost = intersect(thick, layer);
    const loss = lost.count() / layer.count();
    const mean = meanIn(grid, intersect(peel(thick), lost));
    if (loss < leastLoss || !(mean > fluid)) return { ...none, loss, mean };
    const near = intersect(thick, dilateBall(lost, spacing, DEPTH * body.size));
    const found = connectedTo(near, lost, 6);
    return { mask: aboveLiver ? awayFromBase(found, expected) : found, loss, mean };
  };
  const [r, l] = [find(a, b, true), find(b, a, false)];
  const alone = (side: DenseSide, other: DenseSide): DenseSide =>
    other.loss > MOST_OTHER ? { ...side, mask: new BitVolume(shape) } : side;
  return { right: alone(r, l), left: alone(l, r) };
}

/** The column between the lungs: the median over slices of the middle between the outer ends of both. */
function middleOf(right: BitVolume, left: BitVolume): number | undefined {
  const [, , nx] = right.shape;
  const ends = (mask: BitVolume, z: number): [number, number] => {
    const { wordsPerRow, words, shape } = mask;
    let [low, high] = [nx, -1];
    for (let y = 0; y < shape[1]; y++) {
      const base = (z * shape[1] + y) * wordsPerRow;
      for (let w = 0; w < wordsPerRow; w++) {
        const bits = words[base + w]!;
        if (bits === 0) continue;
        low = Math.min(low, w * 32 + 31 - Math.clz32(bits & -bits));
        high = Math.max(high, w * 32 + 31 - Math.clz32(bits));
      }
    }
    return [low, high];
  };
  const middles: number[] = [];
  for (let z = 0; z < right.shape[0]; z++) {
    const [r, l] = [ends(right, z), ends(left, z)];
    if (r[1] < 0 || l[1] < 0) continue;
    middles.push((Math.min(r[0], l[0]) + Math.max(r[1], l[1])) / 2);
  }
  middles.sort((p, q) => p - q);
  return middles[middles.length >> 1];
}

/**
 * The parts that do not reach the lowest quarter of the expected lung. Under a raised right diaphragm the liver
 * lies there, as dense and even as solid lung; nothing but a shape tells them apart. On the left there are fat and gas.
 */
function awayFromBase(found: BitVolume, expected: BitVolume): BitVolume {
  const box = boundingBox(expected)!;
  const height = box.low[0] + (box.high[0] - box.low[0]) / 4;
  const base = found.clone();
  base.words.fill(0, Math.ceil(height) * found.shape[1] * found.wordsPerRow);
  return subtract(found, connectedTo(found, base, 6));
}

function mirror(mask: BitVolume, middle: number): BitVolume {
  const out = new BitVolume(mask.shape);
  const { start, end, rowStart, planes, rowsPerPlane } = extractRuns(mask);
  const sum = Math.round(2 * middle);
  for (let row = 0; row < planes * rowsPerPlane; row++) {
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      const from = Math.max(0, sum - end[i]! + 1);
      const to = Math.min(mask.shape[2], sum - start[i]! + 1);
      if (to > from) setRun(out.words, row * out.wordsPerRow, from, to);
    }
  }
  return out;
}

/** Mean of what is neither fat nor bone nor at the border of either. */
function meanIn({ mean, shape }: WorkGrid, mask: BitVolume): number {
  const { start, end, rowStart, planes, rowsPerPlane } = extractRuns(mask);
  let [n, sum] = [0, 0];
  for (let row = 0; row < planes * rowsPerPlane; row++) {
    for (let i = rowStart[row]!; i < rowStart[row + 1]!; i++) {
      for (let x = start[i]!; x < end[i]!; x++) {
        const v = mean[row * shape[2] + x]!;
        if (v < WATERY[0] || v > WATERY[1]) continue;
        sum += v;
        n++;
      }
    }
  }
  return sum / n;
}
