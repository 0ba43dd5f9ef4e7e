import { mainPart } from "../lungs/main-part.ts";
import { splitByNearestCore } from "../lungs/nearest-core.ts";
import { findCores, SEPARATE_OPTIONS } from "../lungs/separate.ts";
import { withDefaults } from "../options.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import type { ComputedCase } from "./computed-case.ts";

/** What the separation went through; when nothing separated the second of each pair is empty. */
export interface SeparationMasks {
  readonly cores: readonly [BitVolume, BitVolume];
  readonly halves: readonly [BitVolume, BitVolume];
  readonly mainParts: readonly [BitVolume, BitVolume];
}

/** Repeats the separation and keeps what it only passes through. */
export function separationMasks({ filled, lungs, lungOptions, volume }: ComputedCase): SeparationMasks {
  const { maxErosions, maxRatio, cover } = withDefaults(SEPARATE_OPTIONS, lungOptions.separate);
  const found = lungs.separated ? findCores(filled, maxErosions, maxRatio) : undefined;
  if (found === undefined) {
    const whole = [filled, new BitVolume(filled.shape)] as const;
    return { cores: whole, halves: whole, mainParts: whole };
  }
  const { core1, core2 } = found;
  const halves = splitByNearestCore(filled, core1, core2, volume.spacing);
  return { cores: [core1, core2], halves, mainParts: [mainPart(halves[0], cover), mainPart(halves[1], cover)] };
}
