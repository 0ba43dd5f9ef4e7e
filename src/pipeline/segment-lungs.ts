import type { Lungs } from "../lungs/types.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Volume } from "../volume/volume.ts";
import type { PartOptions, StageMask } from "./profiles.ts";
import { runStages } from "./run-stages.ts";
import { stagesOf } from "./stages.ts";

/** Masks that the segmentation makes, in their order. */
export type SegmentStage = Exclude<StageMask, "dilated1" | "dilated2">;

/** Options of {@link segmentLungs}; the defaults are the published ones. */
export type SegmentOptions = PartOptions<"lungs"> & {
  /** Receives each mask as soon as it is there; what it throws ends the segmentation. */
  readonly onStage?: (stage: SegmentStage, mask: BitVolume) => void;
};

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
  const { onStage, ...lungs } = options;
  const onMask = (name: StageMask, mask: BitVolume): void => onStage?.(name as SegmentStage, mask);
  return runStages(stagesOf("grt123", "lungs"), { volume }, { lungs }, { onMask }).lungs!;
}
