import { type Clean, type CleanOptions, makeClean, PREPARE_OPTIONS } from "../../prepare/make-clean.ts";
import { defineStage, type Scanned } from "../stage.ts";
import type { Surrounded } from "./hull.ts";
import type { Separated } from "./separate.ts";

/** Makes the model's input of the lungs and what lies next to them. */
export const prepare = defineStage({
  name: "prepare",
  part: "prepare",
  title: "Window, mask, resample, crop",
  options: PREPARE_OPTIONS,
  needs: ["lungs", "dilated1", "dilated2"],
  gives: ["clean", "label", "geometry"],
  masks: {},
  run: ({ volume, lungs, dilated1, dilated2 }: Scanned & Separated & Surrounded, options: CleanOptions): Clean =>
    makeClean(volume, lungs, { dilated1, dilated2 }, options),
  steps: [
    {
      name: "window",
      title: "Window",
      what: "Hounsfield units become grey values of 0 to 255.",
      why: "The network takes bytes. The window spans what matters in the chest and drops the rest.",
      legend: {},
      options: ["window"],
    },
    {
      name: "bones",
      title: "Mask and bones",
      what: "What lies outside the dilated lungs gets the padding's grey value, and so do bright voxels beside the lungs.",
      why: "Ribs next to the pleura look like dense nodules. The padding is as bright as water, so no false edge is made.",
      legend: { masked: "masked", bone: "bone" },
      options: ["padValue", "boneThreshold"],
    },
    {
      name: "resample",
      title: "Resampled",
      what: "The grey values are interpolated to a grid of equal millimetres.",
      why: "Scans differ in slice distance and pixel size. A nodule must have the same size in all of them.",
      legend: {},
      options: ["newSpacing"],
    },
    {
      name: "crop",
      title: "Crop box",
      what: "The box around the lungs, with a margin, is what is saved as clean.npy.",
      why: "The rest is padding. Without it there is less to read and to compute.",
      legend: { cut: "left out" },
      options: ["margin"],
    },
  ],
});
