import type { Lungs } from "../lungs/types.ts";
import { type Clean, checkScanAndLungs } from "../prepare/make-clean.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Volume } from "../volume/volume.ts";
import type { PartOptions, StageMask } from "./profiles.ts";
import { type PartialCase, runStages } from "./run-stages.ts";
import type { Surrounded } from "./stages/hull.ts";
import { stagesOf } from "./stages.ts";

/** Options of {@link prepare}; the defaults are the published pipeline's. */
export type PrepareOptions = PartOptions<"prepare"> & {
  /** Receives the dilated lungs as soon as they are known. */
  readonly onStage?: (stage: "dilated1" | "dilated2", mask: BitVolume) => void;
};

/** What a network gets to see, where it lies in the patient, and the surroundings of each lung. */
export interface Prepared extends Clean, Surrounded {}

/**
 * Makes the input of a network from a scan and its lungs: grey values of the lungs and what is
 * next to them, without the bones, on a 1 mm grid, cropped.
 *
 * @param volume - Hounsfield units, int16
 * @param lungs - of the volume's shape
 * @throws PleuraError `empty-mask` when there are no lungs; `invalid-option` when the masks do not
 * belong to the volume or an option is out of range.
 * @example
 * const { clean, geometry } = prepare(volume, segmentLungs(volume));
 */
export function prepare(volume: Volume<Int16Array>, lungs: Lungs, options: PrepareOptions = {}): Prepared {
  checkScanAndLungs(volume, lungs);
  const { onStage, ...parameters } = options;
  const onMask = (name: StageMask, mask: BitVolume): void => onStage?.(name as "dilated1" | "dilated2", mask);
  return preparedOf(runStages(stagesOf("grt123", "prepare"), { volume, lungs }, { prepare: parameters }, { onMask }));
}

/** What the stages have prepared, once all have run. */
export function preparedOf({ clean, label, geometry, dilated1, dilated2 }: PartialCase): Prepared {
  return { clean: clean!, label: label!, geometry: geometry!, dilated1: dilated1!, dilated2: dilated2! };
}
