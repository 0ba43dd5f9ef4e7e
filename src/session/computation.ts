import { PleuraError } from "../errors.ts";
import type { Results, StageMask, StageName } from "../pipeline/profiles.ts";
import { masksIn, optionsFor, refusalOf, runStage } from "../pipeline/run-stages.ts";
import type { Stage } from "../pipeline/stage.ts";
import { stagesOf } from "../pipeline/stages.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Volume } from "../volume/volume.ts";
import type { ComputedCase, PartialCase } from "../walkthrough/computed-case.ts";
import type { Progress, RunParameters } from "./protocol.ts";

/**
 * The pipeline stage by stage over one scan. It keeps what every stage found, so that a change of
 * parameters costs only the stages that it concerns.
 */
export class Computation {
  /** How long each stage took when it last ran, ms. */
  readonly milliseconds: Record<string, number> = {};
  /** Whatever the stages have found so far, with the parameters of the latest run. */
  readonly state: PartialCase;
  private readonly stages = stagesOf("grt123");
  /** What each stage found, in their order; one more than have finished when the last one was refused. */
  private found: Partial<Results>[] = [];
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
  get complete(): ComputedCase | undefined {
    return this.finished === this.stages.length ? (this.state as ComputedCase) : undefined;
  }

  /** Whether a stage has run with the latest parameters. */
  has(stage: StageName): boolean {
    return this.finished > this.placeOf(stage);
  }

  /** A mask that a stage made; `undefined` before it has run. */
  mask(name: StageMask): BitVolume | undefined {
    const place = this.stages.findIndex(({ masks }) => Object.hasOwn(masks, name));
    if (place < 0 || place >= this.finished) return undefined;
    return new Map(masksIn(this.stages[place]!, this.found[place]!)).get(name);
  }

  /** The stage that makes a mask, or the last one that gives a result. */
  stageOf(name: StageMask | keyof Results): StageName | undefined {
    const stage = this.stages.findLast(({ masks, gives }) => Object.hasOwn(masks, name) || gives.includes(name));
    return stage?.name as StageName | undefined;
  }

  /** Waits until all stages have run, see {@link until}. */
  async untilComplete(): Promise<void> {
    await this.until(this.stages.at(-1)!.name as StageName);
  }

  /**
   * Waits until a stage has run with the latest parameters. A run that has not begun is not waited for.
   *
   * @throws what the run threw, when it failed at that stage or before
   */
  async until(stage: StageName): Promise<void> {
    while (!this.has(stage)) {
      if (this.failure !== undefined) throw this.failure;
      if (this.parameters === undefined) {
        throw new PleuraError("not-found", "The scan has not been run yet", { stage: "options" });
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** The stage at which the latest run failed, if it did. */
  get failedAt(): StageName | undefined {
    return this.failure === undefined ? undefined : (this.stages[this.finished]?.name as StageName | undefined);
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
    this.finished = Math.min(this.finished, firstChanged(this.stages, this.parameters, parameters));
    this.found.length = this.finished;
    this.parameters = parameters;
    this.failure = undefined;
    this.collect();
    while (this.finished < this.stages.length) {
      const stage = this.stages[this.finished]!;
      onProgress({ stage: stage.name, done: 0 });
      await new Promise((resolve) => setTimeout(resolve));
      if (turn !== this.latest) {
        throw new PleuraError("aborted", "Other parameters were given meanwhile", { stage: stage.name });
      }
      const began = performance.now();
      try {
        const found = runStage(stage, this.state, parameters);
        this.found.push(found);
        this.collect();
        const refusal = refusalOf(stage, found, parameters);
        if (refusal !== undefined) throw refusal;
      } catch (error) {
        this.failure = error;
        this.tellWaiting();
        throw error;
      }
      const milliseconds = performance.now() - began;
      this.milliseconds[stage.name] = Math.round(milliseconds * 100) / 100;
      this.finished++;
      onProgress({ stage: stage.name, done: 1, milliseconds });
      this.tellWaiting();
    }
  }

  /** Brings the state up to what was found. It stays the same object: pictures are drawn of it meanwhile. */
  private collect(): void {
    const { volume, found, state, parameters } = this;
    for (const key of Object.keys(state)) Reflect.deleteProperty(state, key);
    Object.assign(state, { volume, lungOptions: parameters?.lungs, prepareOptions: parameters?.prepare }, ...found);
  }

  private placeOf(stage: StageName): number {
    return this.stages.findIndex(({ name }) => name === stage);
  }

  private tellWaiting(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/** Place of the first stage whose options differ. */
function firstChanged(stages: readonly Stage[], before: RunParameters | undefined, now: RunParameters): number {
  if (before === undefined) return 0;
  const told = (stage: Stage, parameters: RunParameters): string => JSON.stringify(optionsFor(stage, parameters));
  const place = stages.findIndex((stage) => told(stage, before) !== told(stage, now));
  return place < 0 ? stages.length : place;
}
