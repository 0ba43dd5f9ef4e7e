import type { Finding } from "../dicom/findings.ts";
import type { LungSides } from "../lungs/sides.ts";
import type { Lungs } from "../lungs/types.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import { type Triple, voxelVolume } from "../volume/volume.ts";
import type { CaseFinding, LungFigures } from "./manifest.ts";

/** Volumes of the lungs in millilitres, to a tenth, and how the segmentation went. */
export function lungFigures(
  { separated, cut, bodies, erosions }: Lungs,
  sides: LungSides,
  spacing: Triple,
): LungFigures {
  const millilitres = (...masks: BitVolume[]) => {
    const voxels = masks.reduce((sum, mask) => sum + mask.count(), 0);
    return Math.round(voxels * voxelVolume(spacing) * 1e-2) / 10;
  };
  const rightMl = millilitres(sides.right);
  const leftMl = millilitres(sides.left);
  return { rightMl, leftMl, totalMl: millilitres(sides.right, sides.left), separated, cut, bodies, erosions };
}

/** What the reader noticed about the series, and what the segmentation should be doubted for. */
export function findingsOf(
  { findings }: { readonly findings: readonly Finding[] },
  { separated, erosions }: Lungs,
): CaseFinding[] {
  if (separated) return [...findings];
  const message = "Erosion did not separate the lungs: both are dilated as one";
  return [...findings, { code: "not-separated", severity: "warning", message, measured: `${erosions} erosions` }];
}
