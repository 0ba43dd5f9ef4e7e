import { PleuraError } from "../errors.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Volume } from "../volume/volume.ts";
import { type BinarizeOptions, binarizePerSlice } from "./binarize.ts";
import { MAX_DISTANCE, VOLUME_LIMITS } from "./body-rules.ts";
import { fillHoles } from "./fill-holes.ts";
import { type Selection, type SelectOptions, selectBodiesWithCuts } from "./select.ts";
import { type SeparateOptions, separateLungs } from "./separate.ts";
import type { Lungs } from "./types.ts";

/** Masks that the segmentation makes, in their order. */
export type SegmentStage = "binary" | "body" | "filled" | "lung1" | "lung2";

/** Options of {@link segmentLungs}; the defaults are the published ones. */
export interface SegmentOptions {
  readonly binarize?: BinarizeOptions;
  readonly select?: SelectOptions;
  /** Slices that each try cuts more from the top. Default 2. */
  readonly cutStep?: number;
  readonly separate?: SeparateOptions;
  /** Receives each mask as soon as it is there; what it throws ends the segmentation. */
  readonly onStage?: (stage: SegmentStage, mask: BitVolume) => void;
}

/**
 * Finds the two lungs of a chest CT: dark regions slice by slice, the bodies among them that can
 * be lungs, their holes filled, separated into two.
 *
 * @param volume - Hounsfield units, int16, patient lying along axis 0, head at the end
 * @returns masks of the volume's shape
 * @throws PleuraError `no-lungs` when no body passes the rules; `invalid-option`
 * @example
 * const { lung1, lung2 } = segmentLungs(volume);
 */
export function segmentLungs(volume: Volume<Int16Array>, options: SegmentOptions = {}): Lungs {
  const { onStage } = options;
  const binary = binarizePerSlice(volume, options.binarize);
  onStage?.("binary", binary);
  const selection = selectBodiesWithCuts(binary, volume.spacing, options.cutStep, options.select);
  if (selection.bodies === 0) throw noLungs(selection, options.select);
  onStage?.("body", selection.mask);
  const filled = fillHoles(selection.mask);
  onStage?.("filled", filled);
  const separation = separateLungs(filled, volume.spacing, options.separate);
  onStage?.("lung1", separation.lung1);
  onStage?.("lung2", separation.lung2);
  return { ...separation, cut: selection.cut, bodies: selection.bodies };
}

export function noLungs({ largest, nearest }: Selection, options: SelectOptions = {}): PleuraError {
  const { volumeLimits = VOLUME_LIMITS, maxDistance = MAX_DISTANCE } = options;
  const tooFar = Number.isFinite(nearest);
  return new PleuraError("no-lungs", "No body of air in the scan can be lungs", {
    stage: "select",
    measured: tooFar
      ? `the nearest body of lung size lies ${nearest.toFixed(0)} mm from the centre axis`
      : `largest body ${largest.toFixed(2)} L`,
    limit: tooFar ? `below ${maxDistance} mm` : `${volumeLimits[0]} L to ${volumeLimits[1]} L`,
    hint: "Check that the scan is a chest CT in Hounsfield units and shows whole lungs",
  });
}
