import { withDefaults } from "../options.ts";
import type { CleanGeometry } from "../prepare/clean-geometry.ts";
import { type CleanOptions, PREPARE_OPTIONS } from "../prepare/make-clean.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { StoredGrid } from "../volume/stored-grid.ts";
import type { Volume } from "../volume/volume.ts";
import type { CaseAnnotations } from "./annotation.ts";
import { type CaseNodules, placeNodules } from "./case-nodules.ts";
import { noduleSharesIn } from "./where.ts";

/** A prepared case in which nodules are placed. */
export interface NoduleCase {
  readonly scan: Volume<Int16Array>;
  /** The scan's grid as it lies in its files. */
  readonly stored: StoredGrid;
  /** Both lungs. */
  readonly lungs: BitVolume;
  /** Both dilated lungs. */
  readonly near: BitVolume;
  readonly geometry: CleanGeometry;
  /** What the case was prepared with. */
  readonly prepare: CleanOptions;
}

/**
 * Places nodules in a prepared case.
 *
 * @param file - of the annotations, for messages
 * @throws PleuraError `bad-annotation` when a row cannot be read, with the numbers of such lines
 */
export function placeInCase(annotations: CaseAnnotations, one: NoduleCase, file: string): CaseNodules {
  const { geometry, stored, prepare } = one;
  const { newSpacing, precision, window, boneThreshold } = withDefaults(PREPARE_OPTIONS, prepare);
  const options = { ...(window && { window }), ...(boneThreshold !== undefined && { boneThreshold }) };
  return placeNodules(
    annotations,
    { geometry, stored, newSpacing, precision },
    noduleSharesIn({ ...one, ...options }),
    file,
  );
}
