import type { Point } from "../volume/affine.ts";
import type { Instance } from "./instance.ts";
import { AXIAL, distanceAlong, type Facing, planeNormal, planeOf } from "./plane-geometry.ts";

/** Instances that can lie in one volume: one series, one size, one direction, one pixel spacing. */
export interface Stack {
  readonly seriesUid: string;
  readonly seriesNumber: number | undefined;
  readonly instances: readonly Instance[];
  /** Unit normal of the slices, on the side of the head, the back or the left. */
  readonly normal: Point;
  readonly plane: Facing;
  readonly localizer: boolean;
  /** Whether the images are reformats or otherwise made from other images: Image Type, value 1. */
  readonly derived: boolean;
}

/** Direction cosines further apart than this belong to different stacks; 0.06° on one axis. */
const DIRECTION_TOLERANCE = 1e-3;
/** Pixel spacings further apart than this belong to different stacks, mm. */
const SPACING_TOLERANCE = 1e-4;
/** Positions closer than this are one position, mm. */
export const SAME_POSITION = 0.01;
/** A step that is off the usual one by more than this share is no longer even. */
export const EVEN = 0.1;

/**
 * Sorts instances into stacks, in the order in which each stack's first instance comes.
 *
 * The numbers of acquisitions divide a stack only where they must: when its positions are
 * doubled or uneven as a whole, and acquisitions overlap. A scan that was made in several parts, one
 * after the other, stays one stack.
 */
export function groupStacks(instances: readonly Instance[]): Stack[] {
  const groups: Instance[][] = [];
  for (const instance of instances) {
    const group = groups.find(([first]) => belongTogether(first!, instance));
    if (group === undefined) groups.push([instance]);
    else group.push(instance);
  }
  return groups.flatMap((group) => {
    const normal = planeNormal(group[0]!.orientation ?? AXIAL);
    return splitAcquisitions(group, normal).map((part) => describe(part, normal));
  });
}

/** Steps between neighbouring positions, ascending positions given. */
export function stepsOf(positions: readonly number[]): number[] {
  return positions.slice(1).map((p, i) => p - positions[i]!);
}

/** The middle one of some numbers, the upper of two; 0 when there are none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function describe(instances: Instance[], normal: Point): Stack {
  const { seriesUid, seriesNumber, imageType } = instances[0]!;
  return {
    seriesUid,
    seriesNumber,
    instances,
    normal,
    plane: planeOf(normal),
    localizer: imageType.includes("LOCALIZER"),
    derived: imageType[0] === "DERIVED",
  };
}

function belongTogether(a: Instance, b: Instance): boolean {
  return (
    a.seriesUid === b.seriesUid &&
    a.rows === b.rows &&
    a.columns === b.columns &&
    // The first three values tell originals, localizers and reformats apart; what follows is the
    // maker's own and may change from slice to slice.
    [0, 1, 2].every((i) => a.imageType[i] === b.imageType[i]) &&
    near(a.orientation, b.orientation, DIRECTION_TOLERANCE) &&
    near(a.pixelSpacing, b.pixelSpacing, SPACING_TOLERANCE)
  );
}

function near(a: readonly number[] | undefined, b: readonly number[] | undefined, tolerance: number): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.every((value, i) => Math.abs(value - b[i]!) <= tolerance);
}

function splitAcquisitions(group: Instance[], normal: Point): Instance[][] {
  const byAcquisition = new Map<number | undefined, Instance[]>();
  for (const instance of group) {
    const part = byAcquisition.get(instance.acquisition);
    if (part === undefined) byAcquisition.set(instance.acquisition, [instance]);
    else part.push(instance);
  }
  const parts = [...byAcquisition.values()];
  if (parts.length < 2 || isMostlyEven(sortedPositions(group, normal))) return [group];
  const ranges = parts.map((part) => {
    const positions = sortedPositions(part, normal);
    return { low: positions[0] ?? 0, high: positions.at(-1) ?? 0 };
  });
  ranges.sort((a, b) => a.low - b.low);
  const overlap = ranges.some(({ low }, i) => i > 0 && low < ranges[i - 1]!.high - SAME_POSITION);
  return overlap ? parts : [group];
}

function sortedPositions(instances: readonly Instance[], normal: Point): number[] {
  const all = instances.map((instance) => distanceAlong(instance, normal));
  return all.filter((p) => p !== undefined).sort((a, b) => a - b);
}

/** Whether no position is doubled and hardly any step is off the usual one. */
function isMostlyEven(positions: readonly number[]): boolean {
  const steps = stepsOf(positions);
  const usual = median(steps);
  const odd = steps.filter((step) => Math.abs(step - usual) > EVEN * usual).length;
  return steps.every((step) => step > SAME_POSITION) && odd <= EVEN * steps.length;
}
