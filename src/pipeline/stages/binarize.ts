import { BINARIZE_OPTIONS, type BinarizeOptions, binarizePerSlice } from "../../lungs/binarize.ts";
import type { BitVolume } from "../../volume/bit-volume.ts";
import { defineStage, type Scanned } from "../stage.ts";

/** What {@link binarize} gives. */
export interface Binarized {
  /** Dark, compact regions of each slice. */
  readonly binary: BitVolume;
}

/** Finds dark regions slice by slice: air, lungs, airways. */
export const binarize = defineStage({
  name: "binarize",
  part: "lungs",
  title: "Find dark regions",
  options: { binarize: BINARIZE_OPTIONS },
  needs: [],
  gives: ["binary"],
  masks: { binary: { label: "Dark regions", of: ({ binary }: Binarized) => binary } },
  run: ({ volume }: Scanned, options: { readonly binarize?: BinarizeOptions }): Binarized => ({
    binary: binarizePerSlice(volume, options.binarize),
  }),
  steps: [
    {
      name: "disc",
      title: "Background disc",
      what: "A constant patch in the corner says that the slice was padded around its circular field of view. Then nothing within the smoothing's reach of the padding can become lung.",
      why: "Padding has arbitrary values, often far below air. Smoothed across the rim they would look like lung.",
      legend: { "outside-disc": "left out" },
      options: ["binarize.cornerSize"],
    },
    {
      name: "threshold",
      title: "Threshold",
      what: "Each slice is smoothed with a small Gaussian; what then lies below the threshold is a candidate.",
      why: "Lung tissue is mostly air and lies far below soft tissue. Smoothing keeps single noisy pixels from deciding.",
      legend: { kept: "below the threshold" },
      options: ["binarize.threshold", "binarize.sigma"],
    },
    {
      name: "regions",
      title: "Regions",
      what: "Candidates that touch, also at corners, are one region of the slice. Each has a colour here.",
      why: "The next rules judge whole regions, not pixels.",
      legend: {},
      options: [],
    },
    {
      name: "shape",
      title: "Area and eccentricity",
      what: "A region stays when it is large enough and not drawn out to a line.",
      why: "Bowel gas and airways are small; the gaps between table, blanket and skin are long and thin.",
      legend: { kept: "kept", "small-area": "too small", elongated: "too elongated" },
      options: ["binarize.minArea", "binarize.maxEccentricity"],
    },
  ],
});
