import { resolve } from "node:path";
import type { CaseKeys } from "../../case/key-index.ts";
import type { Parameters } from "../../case/profile.ts";
import type { Scan } from "../../dicom/read-scan.ts";
import type { Lungs } from "../../lungs/types.ts";
import type { CaseAnnotations } from "../../nodules/annotation.ts";
import type { NoduleFinding, NodulesFile } from "../../nodules/case-nodules.ts";
import { placeInCase } from "../../nodules/place-case.ts";
import type { Prepared } from "../../pipeline/prepare.ts";
import { annotationDigest, type NoduleOptions, type OwnAnnotations, openAnnotations } from "./annotations.ts";

/** The nodules of a case, from annotations. */
export interface GivenNodules {
  readonly file: NodulesFile;
  readonly findings: readonly NoduleFinding[];
  /** From `annotationDigest`. */
  readonly digest: string;
}

/** What nodules are placed in. */
export interface NoduleCase {
  readonly name: string;
  readonly scan: Scan;
  readonly lungs: Lungs;
  readonly prepared: Prepared;
  readonly parameters: Parameters;
}

/**
 * Finds and places a case's nodules.
 *
 * @throws PleuraError what `openAnnotations` and `placeNodules` throw
 */
export async function givenNodules(
  options: NoduleOptions,
  { name, scan, lungs, prepared, parameters }: NoduleCase,
  keys: CaseKeys,
): Promise<GivenNodules> {
  const own = (await openAnnotations({ ...options, nodules: resolve(options.nodules) })).find(keys);
  const digest = annotationDigest(own);
  const [first] = own;
  const placed = {
    scan,
    stored: scan.stored,
    lungs: lungs.lung1.union(lungs.lung2),
    near: prepared.dilated1.union(prepared.dilated2),
    geometry: prepared.geometry,
    prepare: parameters.prepare,
  };
  const files = own.map(({ file }) => file).join(", ");
  const { findings, ...nodules } = placeInCase(joined(own, scan), placed, files);
  const file = { case: name, kind: first?.source.kind ?? null, matchedBy: first?.match.by ?? null, ...nodules };
  return { file, findings, digest };
}

/** What several files say about one case, in the order of their names. */
function joined(own: readonly OwnAnnotations[], { stored }: Scan): CaseAnnotations {
  const parts = own.map(({ match, source }) => source.annotationsOf(match.key, stored));
  return {
    kind: parts[0]?.kind ?? "voxels",
    nodules: parts.flatMap(({ nodules }) => nodules),
    leftOut: parts.flatMap(({ leftOut }) => leftOut),
    duplicates: parts.flatMap(({ duplicates }) => duplicates),
    broken: parts.flatMap(({ broken }) => broken),
  };
}
