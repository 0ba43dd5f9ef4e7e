import { PleuraError } from "../errors.ts";
import { masksIn } from "../pipeline/run-stages.ts";
import { dilatedHull } from "../prepare/dilated-hull.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import { type Cut, checkCut, cutVoxels, PLANE_AXES } from "../volume/cut.ts";
import { drawBodies, drawCuts, type JudgedBodies, judgeBodies } from "./body-steps.ts";
import { type CandidateMasks, candidateMasks } from "./candidate-masks.ts";
import type { ComputedCase, PartialCase } from "./computed-case.ts";
import { maskedSlice, resampledSlice, windowedSlice } from "./image-steps.ts";
import { type Layer, paintLayers, paintRuns, sizeOf } from "./paint.ts";
import { type SeparationMasks, separationMasks } from "./separation-masks.ts";
import { STEP_STAGES, type Step, type StepPicture, stageOf } from "./step.ts";

/** Results that the picture of a step is made of, where it has a drawing of its own. */
const NEEDS: Readonly<Partial<Record<Step, readonly (keyof ComputedCase)[]>>> = {
  hounsfield: [],
  disc: [],
  threshold: [],
  regions: [],
  shape: ["binary"],
  bodies: ["binary"],
  select: ["binary", "selection"],
  cuts: ["binary", "selection"],
  holes: ["selection", "filled"],
  cores: ["filled", "lungs"],
  split: ["filled", "lungs"],
  "main-part": ["filled", "lungs"],
  "slice-holes": ["filled", "lungs"],
  hull: ["lungs", "dilated1", "dilated2"],
  window: [],
  bones: ["lungs", "dilated1", "dilated2"],
  resample: ["lungs", "dilated1", "dilated2"],
  crop: ["lungs", "dilated1", "dilated2", "geometry"],
};

/**
 * Shows what each step of the pipeline did to a slice, as far as the pipeline has come. What the
 * pipeline itself does not keep is computed when it is first asked for, and once.
 */
export class StepPictures {
  private candidates: CandidateMasks | undefined;
  private bodies: JudgedBodies | undefined;
  private separation: SeparationMasks | undefined;
  private hulls: readonly [BitVolume, BitVolume] | undefined;

  /** @param partial - may gain results later; those that are there must not change */
  constructor(private readonly partial: PartialCase) {}

  /** Only to be asked for what a step needs. */
  private get state(): ComputedCase {
    return this.partial as ComputedCase;
  }

  /**
   * Draws one slice as a step leaves it.
   *
   * @param cut - slice of the scan; of the resampled grid the one that lies there
   * @throws PleuraError `invalid-option` when there is no such slice; `not-found` when the pipeline has
   * not come to this step; what the step itself throws
   */
  draw(step: Step, cut: Cut): StepPicture {
    const { state } = this;
    checkCut(cut, state.volume.shape);
    if (!this.isReached(step)) {
      throw new PleuraError("not-found", "The pipeline has not come to this step", { stage: STEP_STAGES[step] });
    }
    if (step === "resample") return { step, ...resampledSlice(state, cut) };
    if (step === "crop") return { step, ...resampledSlice(state, cut, state.geometry.box) };
    const { shape, spacing } = state.volume;
    const { across, down } = PLANE_AXES[cut.plane];
    const frame = { step, ...sizeOf(shape, cut), spacing: [spacing[down], spacing[across]] as const };
    if (step === "bones") return { ...frame, unit: "grey", ...maskedSlice(state, cut) };
    if (step === "window") {
      return { ...frame, unit: "grey", values: windowedSlice(state, cut), classes: paintLayers(shape, cut) };
    }
    return { ...frame, unit: "HU", values: cutVoxels(state.volume, cut), classes: this.classes(step, cut) };
  }

  private isReached(step: Step): boolean {
    // Cuts are told of only when one of them has led to a body.
    if (step === "cuts" && this.partial.selection?.bodies === 0) return false;
    const needs = NEEDS[step] ?? (stageOf(step)?.gives as readonly (keyof ComputedCase)[] | undefined) ?? [];
    return needs.every((result) => this.partial[result] !== undefined);
  }

  private classes(step: Step, cut: Cut): Uint8Array {
    const { state } = this;
    const { shape } = state.volume;
    if (step === "cuts") return drawCuts(state, cut);
    if (step === "bodies") return drawBodies(state, this.judged(), "colour", cut);
    if (step === "select") return drawBodies(state, this.judged(), "verdict", cut);
    if (step === "regions") {
      const { regions, colour } = this.candidateMasks();
      const classes = paintLayers(shape, cut);
      paintRuns(classes, regions, colour, cut, shape);
      return classes;
    }
    return paintLayers(shape, cut, ...this.layers(step));
  }

  private layers(step: Step): readonly Layer[] {
    const { binary, selection, filled, lungs, dilated1, dilated2 } = this.state;
    switch (step) {
      case "hounsfield":
        return [];
      case "disc":
        return [[this.candidateMasks().outside, "outside-disc"]];
      case "threshold":
        return [[this.candidateMasks().dark, "kept"]];
      case "shape": {
        const { dark, large } = this.candidateMasks();
        return [
          [dark, "small-area"],
          [large, "elongated"],
          [binary, "kept"],
        ];
      }
      case "holes":
        return [
          [filled, "added"],
          [selection.mask, "kept"],
        ];
      case "cores": {
        const [first, second] = this.separated().cores;
        return [
          [filled, "kept"],
          [first, "first-core"],
          [second, "second-core"],
        ];
      }
      case "split": {
        const [first, second] = this.separated().halves;
        return [
          [first, "first"],
          [second, "second"],
        ];
      }
      case "main-part": {
        const { halves, mainParts } = this.separated();
        return [
          [halves[0], "off-main"],
          [halves[1], "off-main"],
          [mainParts[0], "first"],
          [mainParts[1], "second"],
        ];
      }
      case "slice-holes": {
        const [first, second] = this.separated().mainParts;
        return [
          [lungs.lung1, "added"],
          [lungs.lung2, "added"],
          [first, "first"],
          [second, "second"],
        ];
      }
      case "hull": {
        const [first, second] = this.undilated();
        return [
          [dilated1, "dilated"],
          [dilated2, "dilated"],
          [first, "hull"],
          [second, "hull"],
          [lungs.lung1, "first"],
          [lungs.lung2, "second"],
        ];
      }
      default: {
        const stage = stageOf(step);
        return stage === undefined ? [] : masksIn(stage, this.state).map(([, mask]) => [mask, "kept"] as const);
      }
    }
  }

  private candidateMasks(): CandidateMasks {
    this.candidates ??= candidateMasks(this.state);
    return this.candidates;
  }

  private judged(): JudgedBodies {
    this.bodies ??= judgeBodies(this.state);
    return this.bodies;
  }

  private separated(): SeparationMasks {
    this.separation ??= separationMasks(this.state);
    return this.separation;
  }

  private undilated(): readonly [BitVolume, BitVolume] {
    const { lungs, prepareOptions } = this.state;
    const options = { ...prepareOptions.hull, iterations: 0 };
    this.hulls ??= [dilatedHull(lungs.lung1, options), dilatedHull(lungs.lung2, options)];
    return this.hulls;
  }
}
