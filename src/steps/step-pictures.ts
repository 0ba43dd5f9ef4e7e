import { drawBodies, drawCuts, type JudgedBodies, judgeBodies } from "./body-steps.ts";
import type { ComputedCase } from "./computed-case.ts";
import { drawHull, maskedSlice, resampledSlice, windowedSlice } from "./image-steps.ts";
import {
  drawCores,
  drawHoles,
  drawMainPart,
  drawSliceHoles,
  drawSplit,
  type SeparationMasks,
  separationMasks,
} from "./lung-steps.ts";
import { blankClasses, sliceOfVolume } from "./paint.ts";
import { drawDisc, drawRegions, drawShape, drawThreshold } from "./slice-steps.ts";
import type { Step, StepPicture } from "./step.ts";

/**
 * Shows what each step of the pipeline did to an axial slice. What takes the whole volume is
 * computed when it is first asked for, and once.
 */
export class StepPictures {
  private bodies: JudgedBodies | undefined;
  private separation: SeparationMasks | undefined;

  constructor(private readonly state: ComputedCase) {}

  /**
   * Draws one slice as a step leaves it.
   *
   * @param z - axial slice of the scan
   */
  draw(step: Step, z: number): StepPicture {
    const { state } = this;
    if (step === "resample" || step === "crop") return { step, ...resampledSlice(state, z, step === "crop") };
    if (step === "window") return this.greyPicture(step, windowedSlice(state, z), blankClasses(state.volume.shape));
    if (step === "bones") {
      const { values, classes } = maskedSlice(state, z);
      return this.greyPicture(step, values, classes);
    }
    const [, height, width] = state.volume.shape;
    const [, sy, sx] = state.volume.spacing;
    const values = sliceOfVolume(state.volume, z).voxels.slice();
    return { step, width, height, spacing: [sy, sx], values, unit: "HU", classes: this.classes(step, z) };
  }

  private greyPicture(step: Step, values: Uint8Array, classes: Uint8Array): StepPicture {
    const { shape, spacing } = this.state.volume;
    return {
      step,
      width: shape[2],
      height: shape[1],
      spacing: [spacing[1], spacing[2]],
      values,
      unit: "grey",
      classes,
    };
  }

  private classes(step: Exclude<Step, "window" | "bones" | "resample" | "crop">, z: number): Uint8Array {
    const { state } = this;
    switch (step) {
      case "hounsfield":
        return blankClasses(state.volume.shape);
      case "disc":
        return drawDisc(state, z);
      case "threshold":
        return drawThreshold(state, z);
      case "regions":
        return drawRegions(state, z);
      case "shape":
        return drawShape(state, z);
      case "bodies":
        return drawBodies(state, this.judged(), "colour", z);
      case "select":
        return drawBodies(state, this.judged(), "verdict", z);
      case "cuts":
        return drawCuts(state, z);
      case "holes":
        return drawHoles(state, z);
      case "cores":
        return drawCores(state, this.separated(), z);
      case "split":
        return drawSplit(state, this.separated(), z);
      case "main-part":
        return drawMainPart(state, this.separated(), z);
      case "slice-holes":
        return drawSliceHoles(state, this.separated(), z);
      case "hull":
        return drawHull(state, z);
    }
  }

  private judged(): JudgedBodies {
    this.bodies ??= judgeBodies(this.state);
    return this.bodies;
  }

  private separated(): SeparationMasks {
    this.separation ??= separationMasks(this.state);
    return this.separation;
  }
}
