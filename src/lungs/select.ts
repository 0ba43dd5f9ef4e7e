import { invalidOption } from "../errors.ts";
import { componentSizes, drawComponents } from "../ops/components.ts";
import { type Components, labelRuns } from "../ops/label.ts";
import { extractRuns, type Runs } from "../ops/runs.ts";
import { checkOption, type OptionTable } from "../options.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Triple } from "../volume/volume.ts";
import { BodyRules, borderComponents, type SelectOptions, slicesOf } from "./body-rules.ts";
import { GrowingBodies } from "./growing-bodies.ts";
import { restoreTop } from "./restore-top.ts";

export type { SelectOptions } from "./body-rules.ts";

/** What {@link selectBodiesWithCuts} can be told beside the rules; the defaults are the published ones. */
export const CUT_OPTIONS = {
  /** Slices that each try cuts more from the top. Default 2. */
  cutStep: { default: 2, unit: "slices", least: 1, whole: true, label: "Slices a try", by: 1 },
} as const satisfies OptionTable;

/** What {@link selectBodies} found. */
export interface Selection {
  /** The kept bodies; the candidates without the cut slices when there is none. */
  readonly mask: BitVolume;
  /** Number of bodies that passed the rules; 0 when there is none. */
  readonly bodies: number;
  /** Slices that were cut from the top. */
  readonly cut: number;
  /** Volume of the largest body that does not touch the border, litres; 0 when there is none. */
  readonly largest: number;
  /**
   * Least mean distance to the centre axis among the bodies of the right volume, mm; Infinity when
   * none has it, or none covers a slice well enough to be measured.
   */
  readonly nearest: number;
}

/**
 * Selects the bodies that can be lungs: 6-connected components that do not hold a corner or a
 * mid-column border point of the first or the last uncut slice, whose volume lies within limits,
 * and which come near the centre axis. When slices are cut from the top, the pieces of the bodies
 * that lie there are put back afterwards.
 *
 * @param candidates - mask from `binarizePerSlice`
 * @param spacing - `[z, y, x]`, mm
 * @param cut - slices taken away at the top (the end of axis 0) before components are looked for
 * @throws PleuraError `invalid-option`
 */
export function selectBodies(candidates: BitVolume, spacing: Triple, cut = 0, options: SelectOptions = {}): Selection {
  const planes = candidates.shape[0];
  if (!(Number.isInteger(cut) && cut >= 0 && cut < planes))
    throw invalidOption("cut", `an integer from 0 to ${planes - 1}`, cut);
  return select(candidates, extractRuns(candidates), new BodyRules(spacing, options), spacing, cut);
}

/**
 * Selects bodies with as few slices cut from the top as it takes, trying 0, `step`, 2 · `step` …
 * slices. Air that joins the lungs to the outside in the highest slices is thus left behind.
 *
 * @param step - slices that each try cuts more. Default 2
 * @returns the first selection with a body; when no cut leaves any, the one without a cut, with
 * the largest and the nearest body of all tries
 * @throws PleuraError `invalid-option`
 */
export function selectBodiesWithCuts(
  candidates: BitVolume,
  spacing: Triple,
  step: number = CUT_OPTIONS.cutStep.default,
  options: SelectOptions = {},
): Selection {
  checkOption("step", CUT_OPTIONS.cutStep, step);
  const rules = new BodyRules(spacing, options);
  const runs = extractRuns(candidates);
  const whole = select(candidates, runs, rules, spacing, 0);
  if (whole.bodies > 0) return whole;
  const cut = leastCut(runs, candidates.shape, spacing, step, rules);
  if (cut !== undefined) return select(candidates, runs, new BodyRules(spacing, options), spacing, cut);
  return { ...whole, largest: rules.largest, nearest: rules.nearest };
}

/**
 * The least of the cuts `step`, 2 · `step` … that leaves a body which passes the rules.
 *
 * All of them are tried in one pass from the largest cut to the least, as bodies grow. A body that
 * does not reach the last plane of a try is the same in every later one, and in the whole mask,
 * where no body passed. So each try looks only at those that do.
 */
function leastCut(runs: Runs, shape: Triple, spacing: Triple, step: number, rules: BodyRules): number | undefined {
  const bodies = new GrowingBodies(runs, shape, spacing);
  let least: number | undefined;
  for (let cut = Math.floor((shape[0] - 1) / step) * step; cut > 0; cut -= step) {
    bodies.growTo(shape[0] - cut);
    for (const root of bodies.open()) {
      if (rules.passesVolume(bodies.voxels(root)) && rules.passesDistance(bodies.slices(root))) least = cut;
    }
  }
  return least;
}

/** @param runs - of all candidates */
function select(candidates: BitVolume, runs: Runs, rules: BodyRules, spacing: Triple, cut: number): Selection {
  const [nz, ny, nx] = candidates.shape;
  const planes = nz - cut;
  // Taking slices from the top leaves the runs below and their order as they are.
  const components = labelRuns({ ...runs, planes, count: runs.rowStart[planes * ny]! }, 6);
  const kept = keepLungs(components, [planes, ny, nx], spacing, rules);
  const { largest, nearest } = rules;
  if (kept.length === 0) return { mask: withoutTop(candidates, cut), bodies: 0, cut, largest, nearest };
  const bodies = drawComponents(components, kept, candidates.shape);
  const mask = cut === 0 ? bodies : restoreTop(bodies, candidates, cut);
  return { mask, bodies: kept.length, cut, largest, nearest };
}

/** The components that pass all rules, by their roots in scan order. */
function keepLungs(components: Components, shape: Triple, spacing: Triple, rules: BodyRules): number[] {
  const sizes = componentSizes(components);
  for (const root of borderComponents(components, shape)) sizes[root] = 0;
  const large: number[] = [];
  for (let i = 0; i < sizes.length; i++) if (sizes[i]! > 0 && rules.passesVolume(sizes[i]!)) large.push(i);
  const slices = slicesOf(components, large, shape, spacing);
  return large.filter((_, k) => rules.passesDistance(slices[k]!));
}

function withoutTop(mask: BitVolume, cut: number): BitVolume {
  if (cut === 0) return mask;
  const out = mask.clone();
  out.words.fill(0, (mask.shape[0] - cut) * mask.shape[1] * mask.wordsPerRow);
  return out;
}
