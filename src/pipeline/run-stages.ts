import { type OptionsOf, type OptionTable, withDefaults } from "../options.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { PartOptions, Results, StageMask, StageName } from "./profiles.ts";
import type { Part, Scanned, Stage } from "./stage.ts";

/** The scan with what the stages have found so far: a result is there once its stage has run. */
export type PartialCase = Scanned & Partial<Results>;

/** What the stages are told, by part. */
export type StageParameters = { readonly [P in Part]?: PartOptions<P> };

/** Who is told how far the stages are. */
export interface StageEvents {
  /** A stage begins. */
  readonly onBegin?: (stage: StageName) => void;
  /** A mask is there; what it throws ends the run. */
  readonly onMask?: (name: StageMask, mask: BitVolume) => void;
}

/**
 * Runs stages one after the other.
 *
 * @param known - the scan, and what is known beside it
 * @returns what was known, with the lungs and what the stages after them found
 * @throws PleuraError `invalid-option` before anything is computed; what the stages throw
 */
export function runStages(
  stages: readonly Stage[],
  known: PartialCase,
  parameters: StageParameters,
  { onBegin, onMask }: StageEvents = {},
): PartialCase {
  for (const stage of stages) withDefaults(stage.options, optionsFor(stage, parameters));
  let state = known;
  for (const [i, stage] of stages.entries()) {
    onBegin?.(stage.name as StageName);
    const found = runStage(stage, state, parameters);
    state = withoutSpent({ ...state, ...found }, stages.slice(0, i + 1), stages.slice(i + 1));
    const refusal = refusalOf(stage, found, parameters);
    if (refusal !== undefined) throw refusal;
    for (const [name, mask] of masksIn(stage, found)) onMask?.(name, mask);
  }
  return state;
}

/** Lets go of what only led to the lungs and no later stage needs: the masks of a large scan take memory. */
function withoutSpent(state: PartialCase, done: readonly Stage[], later: readonly Stage[]): PartialCase {
  const needed = new Set(["lungs", ...later.flatMap(({ needs }) => needs)]);
  const spent = new Set(done.filter(({ part }) => part === "lungs").flatMap(({ gives }) => gives));
  const kept = Object.entries(state).filter(([name]) => needed.has(name) || !spent.has(name));
  return Object.fromEntries(kept) as PartialCase;
}

/** Runs one stage. What it found may still be refused, see {@link refusalOf}. */
export function runStage(stage: Stage, state: PartialCase, parameters: StageParameters): Partial<Results> {
  return stage.run(state as never, optionsFor(stage, parameters) as never);
}

/** Why nothing can be done with what a stage found, if so. */
export function refusalOf(stage: Stage, found: Partial<Results>, parameters: StageParameters): Error | undefined {
  return stage.refuse?.(found as never, optionsFor(stage, parameters) as never);
}

/** The masks of what a stage found. */
export function masksIn(stage: Stage, found: Partial<Results>): readonly [StageMask, BitVolume][] {
  return Object.entries(stage.masks).map(([name, mask]) => [name as StageMask, mask.of(found as never)]);
}

/** A stage's own options among the parameters. */
export function optionsFor({ part, options }: Stage, parameters: StageParameters): OptionsOf<OptionTable> {
  const all: object = parameters[part] ?? {};
  return Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(options, name)));
}
