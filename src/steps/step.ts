import type { Stage } from "../errors.ts";

/** The steps from Hounsfield units to the crop, in the order in which they are done. */
export const STEPS = [
  "hounsfield",
  "disc",
  "threshold",
  "regions",
  "shape",
  "bodies",
  "select",
  "cuts",
  "holes",
  "cores",
  "split",
  "main-part",
  "slice-holes",
  "hull",
  "window",
  "bones",
  "resample",
  "crop",
] as const;

/** One of {@link STEPS}. */
export type Step = (typeof STEPS)[number];

/** The stage of the pipeline that each step is a part of. */
export const STEP_STAGES = {
  hounsfield: "read",
  disc: "binarize",
  threshold: "binarize",
  regions: "binarize",
  shape: "binarize",
  bodies: "select",
  select: "select",
  cuts: "select",
  holes: "fill",
  cores: "separate",
  split: "separate",
  "main-part": "separate",
  "slice-holes": "separate",
  hull: "hull",
  window: "prepare",
  bones: "prepare",
  resample: "prepare",
  crop: "prepare",
} as const satisfies Readonly<Record<Step, Stage>>;

/**
 * What a step decides about a pixel. A pixel's class is its place in this list; from
 * {@link FIRST_COLOUR} on it only tells one region from another.
 */
export const CLASSES = [
  "none",
  "kept",
  "added",
  "outside-disc",
  "small-area",
  "elongated",
  "border",
  "volume",
  "distance",
  "cut",
  "first",
  "second",
  "first-core",
  "second-core",
  "off-main",
  "hull",
  "dilated",
  "bone",
  "masked",
] as const;

/** One of {@link CLASSES}. */
export type PixelClass = (typeof CLASSES)[number];

/** First class of the regions' own colours. */
export const FIRST_COLOUR = 32;
/** Number of the regions' own colours, used over and over. */
export const COLOURS = 12;

/** Number of a class. */
export function classOf(name: PixelClass): number {
  return CLASSES.indexOf(name);
}

/** A slice as a step leaves it. */
export interface StepPicture {
  readonly step: Step;
  readonly width: number;
  readonly height: number;
  /** Millimetres a pixel. */
  readonly spacing: readonly [down: number, across: number];
  /** Values of the pixels: Hounsfield units, or grey values of 0 to 255. */
  readonly values: Int16Array | Uint8Array;
  readonly unit: "HU" | "grey";
  /** Class of each pixel. */
  readonly classes: Uint8Array;
  /** A rectangle to draw over the picture, the ends not included; absent where there is none. */
  readonly box?: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };
}
