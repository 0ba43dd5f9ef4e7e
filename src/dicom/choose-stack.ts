import { PleuraError } from "../errors.ts";
import { type Finding, filesOf } from "./findings.ts";
import { distanceAlong } from "./plane-geometry.ts";
import { SAME_POSITION, type Stack } from "./stack.ts";

/** A stack that covers less than this share of the longest is not taken for the scan. */
const WORTHWHILE = 0.5;
/** Stacks whose lengths differ by less than this share cover the same. */
const SAME_COVERAGE = 0.05;

/**
 * Chooses the stack that is the scan. In this order:
 *
 * 1. what the user asked for: only stacks of that series UID or series number;
 * 2. axial stacks, unless there is none; localizers only when there is nothing else;
 * 3. stacks that cover at least half of what the longest covers;
 * 4. original before derived images;
 * 5. the longest coverage, where 5 % more or less are the same;
 * 6. the thinnest slices;
 * 7. the first by series number, acquisition number and series UID.
 *
 * @param wanted - Series Instance UID or Series Number
 * @returns the stack, and a finding for each that was left out
 * @throws PleuraError `not-found` when no stack is of the wanted series
 */
export function chooseStack(
  stacks: readonly Stack[],
  wanted?: string | number,
): { stack: Stack; findings: Finding[] } | undefined {
  if (stacks.length === 0) return undefined;
  let rest = stacks.filter((stack) => wanted === undefined || isWanted(stack, String(wanted)));
  if (rest.length === 0) throw noSuchSeries(stacks, String(wanted));
  rest = prefer(rest, ({ localizer }) => !localizer);
  rest = prefer(rest, ({ plane }) => plane === "axial");
  const longest = Math.max(...rest.map(coverage));
  rest = prefer(rest, (stack) => coverage(stack) >= WORTHWHILE * longest);
  rest = prefer(rest, ({ derived }) => !derived);
  const remaining = Math.max(...rest.map(coverage));
  rest = prefer(rest, (stack) => coverage(stack) >= (1 - SAME_COVERAGE) * remaining);
  const thinnest = Math.min(...rest.map(thickness));
  rest = prefer(rest, (stack) => thickness(stack) <= thinnest + SAME_POSITION);
  const stack = [...rest].sort(byNumber)[0]!;
  return { stack, findings: stacks.filter((other) => other !== stack).map((other) => leftOut(other)) };
}

/** Distance from the first slice to the last, millimetres. */
export function coverage(stack: Stack): number {
  const positions = distinctPositions(stack);
  return positions.length < 2 ? 0 : positions.at(-1)! - positions[0]!;
}

function thickness(stack: Stack): number {
  return coverage(stack) / Math.max(1, distinctPositions(stack).length - 1);
}

function distinctPositions({ instances, normal }: Stack): number[] {
  const all = instances.map((instance) => distanceAlong(instance, normal)).filter((p) => p !== undefined);
  all.sort((a, b) => a - b);
  return all.filter((p, i) => i === 0 || p - all[i - 1]! > SAME_POSITION);
}

/** Those that have the property, or all when none has. */
function prefer(stacks: Stack[], has: (stack: Stack) => boolean): Stack[] {
  const some = stacks.filter(has);
  return some.length > 0 ? some : stacks;
}

/** Whether images are of the series that was asked for, by UID or number. */
export function isWanted(
  { seriesUid, seriesNumber }: Pick<Stack, "seriesUid" | "seriesNumber">,
  wanted: string,
): boolean {
  return seriesUid === wanted || (seriesNumber !== undefined && String(seriesNumber) === wanted);
}

function byNumber(a: Stack, b: Stack): number {
  const acquisition = ({ instances }: Stack): number => instances[0]!.acquisition ?? 0;
  return (
    (a.seriesNumber ?? 0) - (b.seriesNumber ?? 0) ||
    acquisition(a) - acquisition(b) ||
    (a.seriesUid < b.seriesUid ? -1 : Number(a.seriesUid > b.seriesUid))
  );
}

function leftOut(stack: Stack): Finding {
  const { rows, columns, acquisition } = stack.instances[0]!;
  const kind = stack.localizer ? "localizer" : `${stack.derived ? "derived " : ""}${stack.plane}`;
  const series = stack.seriesNumber === undefined ? "" : ` of series ${stack.seriesNumber}`;
  const part = acquisition === undefined ? "" : `, acquisition ${acquisition},`;
  return {
    code: "left-out",
    severity: "corrected",
    message: `Images${series}${part} that are no part of the stack were left out: ${kind}`,
    measured: `${stack.instances.length} images of ${rows} × ${columns}, ${coverage(stack).toFixed(1)} mm long`,
    files: filesOf(stack.instances),
  };
}

function noSuchSeries(stacks: readonly Stack[], wanted: string): PleuraError {
  const numbers = new Set(stacks.flatMap(({ seriesNumber }) => seriesNumber ?? []));
  const uids = new Set(stacks.flatMap(({ seriesNumber, seriesUid }) => (seriesNumber === undefined ? seriesUid : [])));
  const there = [...numbers].map(String);
  if (uids.size > 0) there.push(`${uids.size} without a number`);
  return new PleuraError("not-found", "There are no images of the series that was asked for", {
    stage: "read",
    measured: `series ${there.join(", ")}`,
    ...(uids.size > 0 && { quote: [...uids].join(", ") }),
    limit: `series ${wanted}`,
  });
}
