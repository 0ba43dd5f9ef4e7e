import { mainPart } from "../lungs/main-part.ts";
import { splitByNearestCore } from "../lungs/nearest-core.ts";
import { findCores } from "../lungs/separate.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import type { ComputedCase } from "./computed-case.ts";
import { blankClasses, paint } from "./paint.ts";
import { classOf, type PixelClass } from "./step.ts";

/** What the separation went through; when nothing separated the second of each pair is empty. */
export interface SeparationMasks {
  readonly cores: readonly [BitVolume, BitVolume];
  readonly halves: readonly [BitVolume, BitVolume];
  readonly mainParts: readonly [BitVolume, BitVolume];
}

/** Repeats the separation and keeps what it only passes through. */
export function separationMasks({ filled, lungs, lungOptions, volume }: ComputedCase): SeparationMasks {
  const { maxErosions = 22, maxRatio = 4.8, cover = 0.95 } = lungOptions.separate ?? {};
  const found = lungs.separated ? findCores(filled, maxErosions, maxRatio) : undefined;
  if (found === undefined) {
    const whole = [filled, new BitVolume(filled.shape)] as const;
    return { cores: whole, halves: whole, mainParts: whole };
  }
  const { core1, core2, erosions } = found;
  const halves = splitByNearestCore(filled, core1, core2, volume.spacing, erosions);
  return { cores: [core1, core2], halves, mainParts: [mainPart(halves[0], cover), mainPart(halves[1], cover)] };
}

/** The selected bodies and what filling added. */
export function drawHoles({ filled, selection, volume }: ComputedCase, z: number): Uint8Array {
  return layers(volume.shape, z, [filled, "added"], [selection.mask, "kept"]);
}

/** The cores within what they were eroded from. */
export function drawCores({ filled, volume }: ComputedCase, { cores }: SeparationMasks, z: number): Uint8Array {
  return layers(volume.shape, z, [filled, "kept"], [cores[0], "first-core"], [cores[1], "second-core"]);
}

/** The halves, each nearer to one core. */
export function drawSplit({ volume }: ComputedCase, { halves }: SeparationMasks, z: number): Uint8Array {
  return layers(volume.shape, z, [halves[0], "first"], [halves[1], "second"]);
}

/** The main part of each half, and what was taken from it. */
export function drawMainPart({ volume }: ComputedCase, { halves, mainParts }: SeparationMasks, z: number): Uint8Array {
  return layers(
    volume.shape,
    z,
    [halves[0], "off-main"],
    [halves[1], "off-main"],
    [mainParts[0], "first"],
    [mainParts[1], "second"],
  );
}

/** The finished lungs, and what filling their slices added. */
export function drawSliceHoles({ volume, lungs }: ComputedCase, { mainParts }: SeparationMasks, z: number): Uint8Array {
  return layers(
    volume.shape,
    z,
    [lungs.lung1, "added"],
    [lungs.lung2, "added"],
    [mainParts[0], "first"],
    [mainParts[1], "second"],
  );
}

type Layer = readonly [mask: BitVolume, name: PixelClass];

/** Paints masks over each other, the first at the bottom. */
export function layers(shape: BitVolume["shape"], z: number, ...parts: readonly Layer[]): Uint8Array {
  const classes = blankClasses(shape);
  for (const [mask, name] of parts) paint(classes, mask, z, classOf(name));
  return classes;
}
