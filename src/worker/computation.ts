import { PleuraError } from "../errors.ts";
import { binarizePerSlice } from "../lungs/binarize.ts";
import { fillHoles } from "../lungs/fill-holes.ts";
import { noLungs } from "../lungs/segment.ts";
import { selectBodiesWithCuts } from "../lungs/select.ts";
import { separateLungs } from "../lungs/separate.ts";
import { dilatedHull } from "../prepare/dilated-hull.ts";
import { prepareNear } from "../prepare/prepare.ts";
import type { ComputedCase } from "../steps/computed-case.ts";
import type { Volume } from "../volume/volume.ts";
import { type Progress, RUN_STAGES, type RunParameters, type RunStage } from "./protocol.ts";

/** Results of the stages so far; those of a stage are there once it has run. */
type Results = { -readonly [K in keyof ComputedCase]?: ComputedCase[K] } & { label?: BigInt64Array };

/**
 * The pipeline stage by stage over one scan. It keeps what every stage found, so that a change of
 * parameters costs only the stages that it concerns.
 */
export class Computation {
  /** How long each stage took when it last ran, ms. */
  readonly milliseconds: Partial<Record<RunStage, number>> = {};
  private readonly results: Results = {};
  private parameters: RunParameters | undefined;
  private finished = 0;
  private latest = 0;

  constructor(readonly volume: Volume<Int16Array>) {}

  /** Everything, once all stages have run. */
  get complete(): (ComputedCase & { readonly label: BigInt64Array }) | undefined {
    if (this.finished < RUN_STAGES.length || this.parameters === undefined) return undefined;
    const { lungs: lungOptions, prepare: prepareOptions } = this.parameters;
    return { ...this.results, volume: this.volume, lungOptions, prepareOptions } as ComputedCase & {
      label: BigInt64Array;
    };
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
    while (this.finished < RUN_STAGES.length) {
      const stage = RUN_STAGES[this.finished]!;
      onProgress({ stage, done: 0 });
      await new Promise((resolve) => setTimeout(resolve));
      if (turn !== this.latest) throw new PleuraError("aborted", "Other parameters were given meanwhile", { stage });
      const began = performance.now();
      this.runStage(stage, parameters);
      const milliseconds = performance.now() - began;
      this.milliseconds[stage] = Math.round(milliseconds * 100) / 100;
      this.finished++;
      onProgress({ stage, done: 1, milliseconds });
    }
  }

  private runStage(stage: RunStage, { lungs: options, prepare: prepareOptions }: RunParameters): void {
    const { volume, results } = this;
    switch (stage) {
      case "binarize":
        results.binary = binarizePerSlice(volume, options.binarize);
        return;
      case "select":
        results.selection = selectBodiesWithCuts(results.binary!, volume.spacing, options.cutStep, options.select);
        if (results.selection.bodies === 0) throw noLungs(results.selection, options.select);
        return;
      case "fill":
        results.filled = fillHoles(results.selection!.mask);
        return;
      case "separate": {
        const { cut, bodies } = results.selection!;
        results.lungs = { ...separateLungs(results.filled!, volume.spacing, options.separate), cut, bodies };
        return;
      }
      case "hull":
        results.dilated1 = dilatedHull(results.lungs!.lung1, prepareOptions.hull);
        results.dilated2 = dilatedHull(results.lungs!.lung2, prepareOptions.hull);
        return;
      case "prepare": {
        const near = { dilated1: results.dilated1!, dilated2: results.dilated2! };
        Object.assign(results, prepareNear(volume, results.lungs!, near, prepareOptions));
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
