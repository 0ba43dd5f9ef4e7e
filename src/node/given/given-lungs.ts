import { resolve } from "node:path";
import type { CaseKeys } from "../../case/key-index.ts";
import type { CaseFinding } from "../../case/manifest.ts";
import { counted } from "../../counted.ts";
import type { Scan } from "../../dicom/read-scan.ts";
import type { LungSides } from "../../lungs/sides.ts";
import type { Lungs } from "../../lungs/types.ts";
import type { LungLabels } from "../../masks/lung-labels.ts";
import { lungsFromMask } from "../../masks/lungs-from-mask.ts";
import type { LungObject } from "../../objects/lung-object.ts";
import { findLungMask, maskDigest, readLungMask, readObjectMask } from "./lung-masks.ts";

/** The lungs of a case, from a mask that was made elsewhere or from a model. */
export interface GivenLungs {
  readonly lungs: Lungs;
  readonly sides: LungSides;
  readonly findings: readonly CaseFinding[];
  /** From `maskDigest`, or of the model's bytes. */
  readonly digest: string;
  /** What ran the model that found them, if one did. */
  readonly runtime?: string;
}

/**
 * Takes a case's lungs from a mask.
 *
 * @param given - the mask, or the folder that holds it
 * @param labels - of the lungs; default: recognised
 * @throws PleuraError what finding, reading and `lungsFromMask` throw
 */
export async function givenLungs(
  given: string,
  labels: LungLabels | undefined,
  scan: Scan,
  keys: CaseKeys,
): Promise<GivenLungs> {
  const mask = findLungMask(resolve(given), keys);
  const digest = maskDigest(mask);
  const object = mask.isObject ? await readObjectMask(mask, scan, labels) : undefined;
  const image = object?.image ?? (await readLungMask(mask));
  const { lungs, sides, set, ...taken } = lungsFromMask(image, scan, object?.labels ?? labels, mask.name);
  const { assumed } = taken;
  const aligned = taken.aligned && object?.resampled !== true;
  const findings: CaseFinding[] = object === undefined ? [] : objectFindings(object);
  if (assumed) {
    findings.push({
      code: "mask-without-position",
      severity: "warning",
      message: "The lung mask does not say where it lies: its voxels were taken for the scan's as they are stored",
    });
  }
  if (!aligned) {
    findings.push({
      code: "mask-resampled",
      severity: "warning",
      message: "The lung mask lies on another grid than the scan: each voxel took the label of the nearest one",
      measured: `${image.shape.join(" × ")} voxels`,
      limit: `${scan.shape.join(" × ")} voxels at the same places`,
    });
  }
  if (!lungs.separated) {
    findings.push({
      code: "not-separated",
      severity: "warning",
      message: "The lung mask has one label and did not come apart into two lungs: it is dilated as one",
      measured: set,
    });
  }
  return { lungs, sides, findings, digest };
}

function objectFindings({ compared, overlap, joined }: LungObject): CaseFinding[] {
  const findings: CaseFinding[] = [];
  if (!compared) {
    findings.push({
      code: "mask-frame-unknown",
      severity: "warning",
      message:
        "The lung mask, or the scan, does not say in which frame of reference it lies: the positions were trusted",
    });
  }
  if (overlap > 0) {
    findings.push({
      code: "mask-overlap",
      severity: "warning",
      message: "Regions of the lung mask overlap: these pixels were given to the last one",
      measured: counted(overlap, "pixel"),
    });
  }
  if (joined > 0) {
    findings.push({
      code: "mask-overlap",
      severity: "warning",
      message: "Contours of one lung cross each other: they were joined",
      measured: counted(joined, "contour"),
    });
  }
  return findings;
}
