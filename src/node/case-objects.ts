import { type CaseData, type CaseFile, mapLabels } from "../case/files.ts";
import type { CaseFinding, Provenance } from "../case/manifest.ts";
import { outputNames } from "../case/outputs.ts";
import { type Making, wholeOrigin } from "../objects/common.ts";
import { encodeObjects, type WantedObjects } from "../objects/encode-objects.ts";
import type { FileScan } from "./read-series.ts";

/** How a case's objects came to be. */
export interface CaseMaking extends WantedObjects, Pick<Provenance, "profile"> {
  /** What found the lungs: the profile's stages, or another program or model. */
  readonly lungsFrom: "stages" | keyof typeof OTHER_MAKERS;
}

/** What the objects say of lungs that the profile's stages did not find. */
const OTHER_MAKERS = {
  mask: { algorithm: "pleura, lungs from a given mask", type: "SEMIAUTOMATIC" },
  model: { algorithm: "pleura, lungs by a given model", type: "AUTOMATIC" },
} as const satisfies Readonly<Record<string, Making>>;

/**
 * Refuses a scan to which no DICOM object can refer, before work is put into it.
 *
 * @throws PleuraError `no-dicom`, `missing-tag`
 */
export function checkOrigin({ origin }: FileScan): void {
  wholeOrigin(origin);
}

/**
 * A case's label map as DICOM objects.
 *
 * @param scan - read with `keepOrigin`
 * @throws PleuraError as `encodeObjects` does
 */
export function makeCaseObjects(
  name: string,
  regions: Pick<CaseData, "sides" | "airways">,
  scan: FileScan,
  { profile, lungsFrom, ...wanted }: CaseMaking,
): { readonly files: readonly CaseFile[]; readonly findings: readonly CaseFinding[] } {
  const making: Making =
    lungsFrom === "stages" ? { algorithm: `pleura, profile ${profile}`, type: "AUTOMATIC" } : OTHER_MAKERS[lungsFrom];
  const { seg, rtstruct, exact, millilitres } = encodeObjects(mapLabels(regions), scan, making, wanted);
  const names = outputNames(name);
  return {
    files: [
      ...(seg === undefined ? [] : [{ name: names.seg, parts: seg }]),
      ...(rtstruct === undefined ? [] : [{ name: names.rtstruct, parts: rtstruct }]),
    ],
    findings: exact ? [] : [resampled(millilitres)],
  };
}

function resampled({ labels, objects }: { readonly labels: number; readonly objects: number }): CaseFinding {
  return {
    code: "objects-resampled",
    severity: "warning",
    message:
      "The images lie otherwise than the volume, which was put upright or filled: in the SEG or RTSTRUCT each pixel took the label of the nearest voxel",
    measured: `${objects.toFixed(0)} mL on the images`,
    limit: `${labels.toFixed(0)} mL in the label map`,
  };
}
