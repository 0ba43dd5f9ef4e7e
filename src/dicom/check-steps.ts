import { counted } from "../counted.ts";
import { type Finding, filesOf } from "./findings.ts";
import type { OrderedSlices } from "./order-slices.ts";
import { EVEN, median, stepsOf } from "./stack.ts";

/** Steps that differ from the usual one by less than this share are rounding. */
const ROUNDING = 0.01;
/** A step of more than this many usual ones has room for another slice. */
const ROOM = 1.5;

/** How far apart the slices of a series lie. */
export interface StepCheck {
  /** The usual distance of neighbouring slices, mm: the median step. */
  readonly usual: number;
  /** Whether all steps are the usual one but for rounding. */
  readonly even: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Compares the steps between slices with the usual one.
 *
 * Up to 1 % off is rounding, up to 10 % is accepted with a warning, more is refused, and so is a
 * step with room for another slice.
 */
export function checkSteps({ slices, positions }: OrderedSlices): StepCheck {
  const steps = stepsOf(positions);
  const usual = median(steps);
  const gaps = steps.flatMap((step, k) => (step > ROOM * usual ? [k] : []));
  const worst = steps.reduce((a, b) => (Math.abs(b - usual) > Math.abs(a - usual) ? b : a), usual);
  const off = Math.abs(worst - usual) / usual;
  if (steps.length === 0 || off <= ROUNDING) return { usual, even: true, findings: [] };
  if (gaps.length > 0) {
    const missing = gaps.reduce((sum, k) => sum + Math.round(steps[k]! / usual) - 1, 0);
    const largest = Math.max(...steps);
    const finding: Finding = {
      code: "missing-slices",
      severity: "fatal",
      message: `Slices are missing: about ${missing}, in ${counted(gaps.length, "place")}`,
      measured: `a step of ${largest.toFixed(2)} mm`,
      limit: `${usual.toFixed(2)} mm`,
      hint: "Find the missing files, or let the gaps be interpolated",
      files: filesOf(gaps.flatMap((k) => [slices[k]!, slices[k + 1]!])),
    };
    return { usual, even: false, findings: [finding] };
  }
  const finding: Finding = {
    code: "uneven-spacing",
    severity: off <= EVEN ? "warning" : "fatal",
    message: "The slices are not evenly spaced",
    measured: `a step of ${worst.toFixed(3)} mm`,
    limit: `${usual.toFixed(3)} mm ± ${EVEN * 100} %`,
    ...(off <= EVEN ? {} : { hint: "Let the slices be interpolated to an even grid" }),
  };
  return { usual, even: false, findings: [finding] };
}
