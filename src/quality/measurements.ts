import type { Volume } from "../volume/volume.ts";
import { airOutside } from "./air-outside.ts";
import { bodyCells, countBody } from "./body-cells.ts";
import { calibration } from "./calibration.ts";
import { AIRWAY, type CoarseScan, coarseScan, LEFT, type QualityMasks, RIGHT } from "./coarse-scan.ts";
import { densities } from "./densities.ts";
import { enclosedHoles } from "./enclosed-holes.ts";
import { gasInMasks } from "./gas-in-masks.ts";
import { type LungExtent, lungExtents } from "./lung-extents.ts";
import { mainPieces } from "./main-pieces.ts";
import { maskEdges } from "./mask-edges.ts";
import { ribGaps } from "./rib-gaps.ts";
import { shapeFigures } from "./shape-figures.ts";

/**
 * What a verdict is made of; `null` where it cannot be told. Shares are from 0 to 1, of the lung concerned; pairs are
 * the right lung, then the left one. Volumes and distances are measured on cells of about 4 mm.
 */
export interface QualityMeasurements {
  readonly volumeMl: Pair;
  /** Lungs over body, in the slices that hold lung. */
  readonly bodyShare: number;
  /** Smaller lung over larger one. */
  readonly volumeRatio: number;
  readonly heightMm: Pair;
  /** How much higher the left lung begins than the right one (negative: lower), mm. */
  readonly baseOffsetMm: number | null;
  /** How much higher the left lung ends than the right one, mm. */
  readonly apexOffsetMm: number | null;
  /** How far the left lung's middle lies to the left of the right one's, over the lungs' mean height. */
  readonly sidesApart: number | null;
  /** Angle between the patient's left and the line through the lungs' middles, degrees, seen along the body. */
  readonly turnedDegrees: number | null;
  /** Largest slice's share on the scan's first and on its last slice. */
  readonly cutOff: readonly [feet: number, head: number];
  /** Mean distance to the ribs in the middle third of each lung's height, mm. */
  readonly ribGapMm: Pair;
  /** Share of the directions in which the ribs are far from the middle third. */
  readonly farFromRibs: Pair;
  /** The same at the back of the lowest third. */
  readonly farFromRibsAtBase: Pair;
  /** Soft tissue between lung and ribs over all that is within the ribs, on the outer side of the middle third. */
  readonly tissueInCavity: Pair;
  readonly meanHu: Pair;
  readonly spreadHu: Pair;
  /** Soft tissue within the mask. */
  readonly tissueInMask: Pair;
  /** Between healthy lung and tissue. */
  readonly hazy: Pair;
  readonly pureGas: Pair;
  readonly flatGas: Pair;
  /** Edges of the masks outside of which lung goes on; not told for pixels of more than 1.25 mm. */
  readonly openEdges: number | null;
  /** Edges of the masks inside of which there is tissue. */
  readonly denseEdges: number;
  /** Dark as lung, in the body, in no mask; over the lungs' volume. */
  readonly lungOutside: number;
  /** Gas in the chest, in no mask; over the lungs' volume. */
  readonly gasOutside: number;
  /** Enclosed by the masks and not of them, over the lungs' volume. */
  readonly holes: number;
  /** Airways over lungs. */
  readonly airwayShare: number;
  /** Area where the lungs touch, over the surface of the smaller one. */
  readonly contact: number;
  /** Surface over that of a ball of the same volume. */
  readonly roughness: Pair;
  /** Share of each lung that hangs together. */
  readonly mainPiece: Pair;
  readonly outsideAirHu: number | null;
  readonly fatHu: number | null;
  readonly muscleHu: number | null;
  readonly sliceMm: number;
}

/** The right lung, then the left one; `null` where there is none. */
export type Pair = readonly [right: number | null, left: number | null];

/** Pixels above this blur an edge so much that nothing is said about what lies beside it, mm. */
const EDGE_PIXEL_MM = 1.25;
/** Lung is looked for so far below the lungs that were found, mm. */
const BELOW_MM = 30;

/** Measures lungs in a scan. */
export function measureLungs(volume: Volume<Int16Array>, masks: QualityMasks): QualityMeasurements {
  const coarse = coarseScan(volume, masks);
  const inside = bodyCells(coarse);
  const extents = lungExtents(coarse);
  const found = extents.filter((one) => one !== undefined);
  const low = Math.min(...found.map((one) => one.low), coarse.shape[0] - 1);
  const high = Math.max(...found.map((one) => one.high), 0);
  const cellMl = (coarse.spacing[0] * coarse.spacing[1] * coarse.spacing[2]) / 1000;
  const lungCells = Math.max(1, sum(found.map(({ cells }) => cells)));
  const below = Math.round(BELOW_MM / coarse.spacing[0]);
  const air = airOutside(coarse, inside, { low: Math.max(0, low - below), middle: low + (high - low) / 3, high });
  const held = densities(coarse);
  const gas = gasInMasks(coarse);
  const edges = maskEdges(volume, masks);
  const gaps = extents.map((one, i) => one && ribGaps(coarse, i === 0 ? RIGHT : LEFT, one));
  const figures = shapeFigures(coarse);
  const pieces = mainPieces(coarse);
  const { outsideAir, fat, muscle } = calibration(coarse, inside);
  const each = (value: (i: 0 | 1) => number | undefined): Pair => [rounded(value(0)), rounded(value(1))];
  const mm = coarse.spacing[0];
  return {
    volumeMl: each((i) => (extents[i]?.cells ?? 0) * cellMl),
    bodyShare: rounded(lungCells / Math.max(1, countBody(coarse, inside, low, high))) ?? 0,
    volumeRatio: rounded(ratioOf(extents)) ?? 0,
    heightMm: each((i) => extents[i] && (extents[i].high - extents[i].low + 1) * mm),
    ...positions(coarse, extents),
    cutOff: [cutOff(extents, 0), cutOff(extents, coarse.shape[0] - 1)],
    ribGapMm: each((i) => gaps[i]?.middle.mean),
    farFromRibs: each((i) => gaps[i]?.middle.far),
    farFromRibsAtBase: each((i) => gaps[i]?.baseAtBack.far),
    tissueInCavity: each((i) => gaps[i]?.middle.tissue),
    meanHu: each((i) => held[i]?.mean),
    spreadHu: each((i) => held[i]?.spread),
    tissueInMask: each((i) => held[i]?.tissue),
    hazy: each((i) => held[i]?.hazy),
    pureGas: each((i) => extents[i] && gas[i].pure),
    flatGas: each((i) => extents[i] && gas[i].flat),
    openEdges: Math.max(volume.spacing[1], volume.spacing[2]) > EDGE_PIXEL_MM ? null : rounded(edges.open),
    denseEdges: rounded(edges.dense) ?? 0,
    lungOutside: rounded(air.lungLike / lungCells) ?? 0,
    gasOutside: rounded(air.gas / lungCells) ?? 0,
    holes: rounded(enclosedHoles(coarse)) ?? 0,
    airwayShare: rounded(countRegion(coarse, AIRWAY) / lungCells) ?? 0,
    contact: rounded(figures.contact) ?? 0,
    roughness: each((i) => extents[i] && figures.roughness[i]),
    mainPiece: each((i) => extents[i] && pieces[i]),
    outsideAirHu: rounded(outsideAir),
    fatHu: rounded(fat),
    muscleHu: rounded(muscle),
    sliceMm: rounded(volume.spacing[0]) ?? 0,
  };
}

type Extents = ReturnType<typeof lungExtents>;

function positions(
  { spacing }: CoarseScan,
  [right, left]: Extents,
): Pick<QualityMeasurements, "baseOffsetMm" | "apexOffsetMm" | "sidesApart" | "turnedDegrees"> {
  if (right === undefined || left === undefined) {
    return { baseOffsetMm: null, apexOffsetMm: null, sidesApart: null, turnedDegrees: null };
  }
  const backwards = (left.centre[1] - right.centre[1]) * spacing[1];
  const leftwards = (left.centre[2] - right.centre[2]) * spacing[2];
  const height = ((right.high - right.low + left.high - left.low + 2) / 2) * spacing[0];
  return {
    baseOffsetMm: rounded((left.low - right.low) * spacing[0]),
    apexOffsetMm: rounded((left.high - right.high) * spacing[0]),
    sidesApart: rounded(leftwards / height),
    turnedDegrees: rounded((Math.atan2(backwards, leftwards) / Math.PI) * 180),
  };
}

function ratioOf([right, left]: Extents): number {
  const [a, b] = [right?.cells ?? 0, left?.cells ?? 0];
  return Math.min(a, b) / Math.max(a, b, 1);
}

function cutOff(extents: Extents, z: number): number {
  return rounded(Math.max(0, ...extents.map((one) => (one === undefined ? 0 : shareAt(one, z))))) ?? 0;
}

function shareAt({ perSlice, widest }: LungExtent, z: number): number {
  return perSlice[z]! / widest;
}

function countRegion({ region }: CoarseScan, wanted: number): number {
  let count = 0;
  for (let i = 0; i < region.length; i++) if (region[i] === wanted) count++;
  return count;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}

/** To four digits, as it stands in the manifest. */
function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toPrecision(4));
}
