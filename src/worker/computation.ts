import { PleuraError } from "../errors.ts";
import { binarizePerSlice } from "../lungs/binarize.ts";
import { fillHoles } from "../lungs/fill-holes.ts";
import { noLungs } from "../lungs/segment.ts";
import { selectBodiesWithCuts } from "../lungs/select.ts";
import { separateLungs } from "../lungs/separate.ts";
import { dilatedHull } from "../prepare/dilated-hull.ts";
import { prepareNear } from "../prepare/prepare.ts";
import type { ComputedCase, PartialCase } from "../steps/computed-case.ts";
import type { Volume } from "../volume/volume.ts";
import { type Progress, RUN_STAGES, type RunParameters, type RunStage } from "./protocol.ts";

/** The case so far: results of a stage are there once it has run. */
type State = { -readonly [K in keyof PartialCase]: PartialCase[K] } & { label?: BigInt64Array };

/** What each stage leaves in the state. */
const RESULTS: Readonly<
  Record<RunStage, readonly Exclude<keyof State, "volume" | "lungOptions" | "prepareOptions">[]>
> = {
  binarize: ["binary"],
  select: ["selection"],
  fill: ["filled"],
  separate: ["lungs"],
  hull: ["dilated1", "dilated2"],
  prepare: ["clean", "label", "geometry"],
};

/**
 * The pipeline stage by stage over one scan. It keeps what every stage found, so that a change of
 * parameters costs only the stages that it concerns.
 */
export class Computation {
  /** How long each stage took when it last ran, ms. */
  readonly milliseconds: Partial<Record<RunStage, number>> = {};
  /** Whatever the stages have found so far, with the parameters of the latest run. */
  readonly state: State;
  private parameters: RunParameters | undefined;
  private finished = 0;
  private latest = 0;
  private failure: unknown;
  /** Those who wait for a stage: called whenever one has ended, and when a run has failed. */
  private readonly waiting: (() => void)[] = [];

  constructor(readonly volume: Volume<Int16Array>) {
    this.state = { volume, lungOptions: {}, prepareOptions: {} };
  }

  /** Everything, once all stages have run. */
  get complete(): (ComputedCase & { readonly label: BigInt64Array }) | undefined {
    return this.has("prepare") ? (this.state as ComputedCase & { label: BigInt64Array }) : undefined;
  }

  /** Whether a stage has run with the latest parameters. */
  has(stage: RunStage): boolean {
    return this.finished > RUN_STAGES.indexOf(stage);
  }

  /**
   * Waits until a stage has run with the latest parameters. A run that has not begun is not waited for.
   *
   * @throws what the run threw, when it failed at that stage or before
   */
  async until(stage: RunStage): Promise<void> {
    while (!this.has(stage)) {
      if (this.failure !== undefined) throw this.failure;
      if (this.parameters === undefined) {
        throw new PleuraError("not-found", "The scan has not been run yet", { stage: "options" });
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** The stage at which the latest run failed, if it did. */
  get failedAt(): RunStage | undefined {
    return this.failure === undefined ? undefined : RUN_STAGES[this.finished];
  }

  /** Ends the run that is under way, and everyone's waiting for it: another scan has come. */
  stop(): void {
    this.latest++;
    this.failure = new PleuraError("aborted", "Another scan was opened meanwhile", { stage: "read" });
    this.tellWaiting();
  }

  /** What the run that is complete was made with. */
  get madeWith(): RunParameters | undefined {
    return this.parameters;
  }

  /**
   * Runs the stages whose parameters have changed, and those after them. Between two stages other
   * messages are answered; a later run ends this one.
   *
   * @throws PleuraError what the stages throw; `aborted` when a later run has begun
   */
  async run(parameters: RunParameters, onProgress: (progress: Progress) => void): Promise<void> {
    const turn = ++this.latest;
    this.finished = Math.min(this.finished, firstChanged(this.parameters, parameters));
    this.parameters = parameters;
    this.failure = undefined;
    this.state.lungOptions = parameters.lungs;
    this.state.prepareOptions = parameters.prepare;
    for (const stage of RUN_STAGES.slice(this.finished)) for (const result of RESULTS[stage]) delete this.state[result];
    while (this.finished < RUN_STAGES.length) {
      const stage = RUN_STAGES[this.finished]!;
      onProgress({ stage, done: 0 });
      await new Promise((resolve) => setTimeout(resolve));
      if (turn !== this.latest) throw new PleuraError("aborted", "Other parameters were given meanwhile", { stage });
      const began = performance.now();
      try {
        this.runStage(stage, parameters);
      } catch (error) {
        this.failure = error;
        this.tellWaiting();
        throw error;
      }
      const milliseconds = performance.now() - began;
      this.milliseconds[stage] = Math.round(milliseconds * 100) / 100;
      this.finished++;
      onProgress({ stage, done: 1, milliseconds });
      this.tellWaiting();
    }
  }

  private tellWaiting(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private runStage(stage: RunStage, { lungs: options, prepare: prepareOptions }: RunParameters): void {
    const { volume, state } = this;
    switch (stage) {
      case "binarize":
        state.binary = binarizePerSlice(volume, options.binarize);
        return;
      case "select":
        state.selection = selectBodiesWithCuts(state.binary!, volume.spacing, options.cutStep, options.select);
        if (state.selection.bodies === 0) throw noLungs(state.selection, options.select);
        return;
      case "fill":
        state.filled = fillHoles(state.selection!.mask);
        return;
      case "separate": {
        const { cut, bodies } = state.selection!;
        state.lungs = { ...separateLungs(state.filled!, volume.spacing, options.separate), cut, bodies };
        return;
      }
      case "hull":
        state.dilated1 = dilatedHull(state.lungs!.lung1, prepareOptions.hull);
        state.dilated2 = dilatedHull(state.lungs!.lung2, prepareOptions.hull);
        return;
      case "prepare": {
        const near = { dilated1: state.dilated1!, dilated2: state.dilated2! };
        Object.assign(state, prepareNear(volume, state.lungs!, near, prepareOptions));
        return;
      }
    }
  }
}

/** Place of the first stage whose parameters differ. */
function firstChanged(before: RunParameters | undefined, now: RunParameters): number {
  if (before === undefined) return 0;
  const { hull: hullBefore, ...restBefore } = before.prepare;
  const { hull, ...rest } = now.prepare;
  const pairs: readonly [stage: RunStage, before: unknown, now: unknown][] = [
    ["binarize", before.lungs.binarize, now.lungs.binarize],
    ["select", [before.lungs.select, before.lungs.cutStep], [now.lungs.select, now.lungs.cutStep]],
    ["separate", before.lungs.separate, now.lungs.separate],
    ["hull", hullBefore, hull],
    ["prepare", restBefore, rest],
  ];
  const changed = pairs.find(([, a, b]) => JSON.stringify(a) !== JSON.stringify(b));
  return changed === undefined ? RUN_STAGES.length : RUN_STAGES.indexOf(changed[0]);
}
