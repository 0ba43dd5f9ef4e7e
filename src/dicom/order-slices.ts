import { counted } from "../counted.ts";
import type { Point } from "../volume/affine.ts";
import { type Finding, filesOf } from "./findings.ts";
import type { Instance } from "./instance.ts";
import { isComplete } from "./pixels.ts";
import { distanceAlong } from "./plane-geometry.ts";
import { SAME_POSITION } from "./stack.ts";

/** One instance for every position, ascending along the normal. */
export interface OrderedSlices {
  readonly slices: readonly Instance[];
  /** Distance of each slice along the normal, millimetres. */
  readonly positions: readonly number[];
  /** Images at doubled positions that were not kept, with the number of the slice that was. */
  readonly doubles: readonly { readonly slice: number; readonly other: Instance }[];
  readonly findings: readonly Finding[];
}

interface Placed {
  readonly instance: Instance;
  readonly at: number;
}

/**
 * Puts instances in the order of their positions and keeps one for each.
 *
 * Where a position occurs several times, files that are cut short go first; of the others the one
 * with the lowest acquisition number is kept, then with the lowest instance number. On a series
 * of several whole passes that is the first pass, as in the published code.
 *
 * @returns `undefined` when some instance has neither a position nor a slice location
 */
export function orderSlices(instances: readonly Instance[], normal: Point): OrderedSlices | undefined {
  // Positions and slice locations have different origins: one kind serves for all.
  const bare = instances.some(({ position }) => position === undefined);
  const placed: Placed[] = [];
  for (const instance of instances) {
    const at = bare ? instance.sliceLocation : distanceAlong(instance, normal);
    if (at === undefined) return undefined;
    placed.push({ instance, at });
  }
  placed.sort((a, b) => a.at - b.at);
  const groups: Placed[][] = [];
  for (const slice of placed) {
    const group = groups.at(-1);
    if (group !== undefined && slice.at - group[0]!.at <= SAME_POSITION) group.push(slice);
    else groups.push([slice]);
  }
  const short = groups.flatMap((group) => dropTruncated(group));
  for (const group of groups) group.sort(byPass);
  return {
    slices: groups.map(([first]) => first!.instance),
    positions: groups.map(([first]) => first!.at),
    doubles: areWholePasses(groups)
      ? []
      : groups.flatMap((group, slice) => group.slice(1).map(({ instance: other }) => ({ slice, other }))),
    findings: [...truncatedFiles(short), ...repeats(groups)],
  };
}

/** Takes the files that are cut short out of a group, as long as a whole one is left. */
function dropTruncated(group: Placed[]): Instance[] {
  const whole = group.filter(({ instance }) => isComplete(instance));
  if (whole.length === 0 || whole.length === group.length) return [];
  const short = group.filter(({ instance }) => !isComplete(instance));
  group.splice(0, group.length, ...whole);
  return short.map(({ instance }) => instance);
}

function byPass({ instance: a }: Placed, { instance: b }: Placed): number {
  return (a.acquisition ?? 0) - (b.acquisition ?? 0) || (a.instanceNumber ?? 0) - (b.instanceNumber ?? 0);
}

function truncatedFiles(short: readonly Instance[]): Finding[] {
  if (short.length === 0) return [];
  return [
    {
      code: "truncated-file",
      severity: "corrected",
      message: "Files that are cut short were left out: other files hold the same slices whole",
      measured: counted(short.length, "file"),
      files: filesOf(short),
    },
  ];
}

function repeats(groups: readonly Placed[][]): Finding[] {
  const extra = groups.flatMap((group) => group.slice(1).map(({ instance }) => instance));
  if (extra.length === 0) return [];
  const passes = groups[0]!.length;
  const whole = areWholePasses(groups);
  const doubled = groups.filter((group) => group.length > 1).length;
  const images = `${counted(groups.length + extra.length, "image")} at ${counted(groups.length, "position")}`;
  return [
    {
      code: whole ? "repeated-passes" : "doubled-position",
      severity: "corrected",
      message: whole
        ? `Every position was scanned ${passes} times; the first pass was kept`
        : `Some positions occur several times; the first image of each was kept`,
      measured: whole ? images : `${images}, ${doubled} of them doubled`,
      limit: "one image for each position",
      files: filesOf(extra),
    },
  ];
}

function areWholePasses(groups: readonly Placed[][]): boolean {
  return groups.every((group) => group.length === groups[0]!.length);
}
