import type { LungSides } from "../lungs/sides.ts";
import type { Lungs } from "../lungs/types.ts";
import { labelOffset } from "../nodules/label.ts";
import type { StoredGrid } from "../volume/stored-grid.ts";
import type { Triple } from "../volume/volume.ts";
import { lungFigures } from "./figures.ts";
import type { FileNamer } from "./file-labels.ts";
import { writtenFinding } from "./finding-text.ts";
import type { CaseFinding, CaseManifest } from "./manifest.ts";

/** What a manifest is put together from: some of it as it is, the rest as it was computed. */
export interface CaseFacts
  extends Pick<
    CaseManifest,
    | "version"
    | "profile"
    | "revision"
    | "parameters"
    | "digest"
    | "case"
    | "given"
    | "input"
    | "geometry"
    | "density"
    | "quality"
    | "outputs"
    | "stored"
    | "hashes"
    | "milliseconds"
  > {
  readonly scan: { readonly spacing: Triple; readonly stored: StoredGrid };
  readonly lungs: Lungs;
  readonly sides: LungSides;
  readonly findings: readonly CaseFinding[];
  /** Names the files that findings are about. */
  readonly namer: FileNamer;
}

/** Puts a case's manifest together, for the command line and for the page. */
export function makeManifest({ scan, lungs, sides, findings, namer, ...facts }: CaseFacts): CaseManifest {
  const { given, input, geometry, density, quality, outputs, stored, hashes, milliseconds, ...made } = facts;
  return {
    ...made,
    ...(given && { given }),
    input,
    geometry,
    ...offsetOf(scan.stored),
    lungs: lungFigures(lungs, sides, scan.spacing),
    ...(density && { density }),
    ...(quality && { quality }),
    findings: findings.map((finding) => writtenFinding(finding, namer)),
    outputs,
    ...(stored !== undefined && { stored }),
    ...(hashes && { hashes }),
    milliseconds,
  };
}

/** How the label's positions are off in this case, where they are. */
function offsetOf(stored: StoredGrid): Pick<CaseManifest, "labelOffset"> {
  const offset = labelOffset(stored);
  if (offset === undefined) return { labelOffset: null };
  return offset.some((voxels) => voxels !== 0) ? { labelOffset: offset } : {};
}
