import type { Finding } from "../dicom/findings.ts";
import { endAreas } from "../lungs/end-areas.ts";
import type { LungSides } from "../lungs/sides.ts";
import type { Lungs } from "../lungs/types.ts";
import { type Triple, voxelVolume } from "../volume/volume.ts";
import type { CaseFinding, LungFigures } from "./manifest.ts";

/** Volumes of the lungs in millilitres, to a tenth, and how the segmentation went. */
export function lungFigures(
  { separated, cut, bodies, erosions }: Lungs,
  sides: LungSides,
  spacing: Triple,
): LungFigures {
  const millilitres = (voxels: number) => Math.round(voxels * voxelVolume(spacing) * 1e-2) / 10;
  const right = sides.right.count();
  const left = sides.left.count();
  return {
    rightMl: millilitres(right),
    leftMl: millilitres(left),
    totalMl: millilitres(right + left),
    separated,
    cut,
    bodies,
    erosions,
  };
}

/** More lung than this on a scan's first or last slice means that it goes on beyond, cm². */
const MOST_AT_END = 10;

/**
 * What the reader noticed about the series, and what the segmentation should be doubted for.
 *
 * @param aboutMask - what there is to say about the mask that the lungs come from, when they do
 */
export function findingsOf(
  scan: { readonly findings: readonly Finding[]; readonly spacing: Triple },
  lungs: Lungs,
  aboutMask?: readonly CaseFinding[],
): CaseFinding[] {
  const findings: CaseFinding[] = [...scan.findings, ...(aboutMask ?? [])];
  if (!lungs.separated && lungs.sides === undefined && aboutMask === undefined) {
    findings.push({
      code: "not-separated",
      severity: "warning",
      message: "Erosion did not separate the lungs: both are dilated as one",
      measured: `${lungs.erosions} erosions`,
    });
  }
  for (const [i, area] of endAreas(lungs, scan.spacing).entries()) {
    if (area <= MOST_AT_END) continue;
    findings.push({
      code: "lungs-cut-off",
      severity: "warning",
      message: `The scan ends within the lungs: what lies beyond its slice at the ${i === 0 ? "feet" : "head"}'s end is missing`,
      measured: `${area.toFixed(0)} cm² of lung on that slice`,
      limit: `${MOST_AT_END} cm²`,
    });
  }
  return findings;
}
