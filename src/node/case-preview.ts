import { join } from "node:path";
import { outputNames } from "../case/outputs.ts";
import { hasShape, type Shape } from "../case/shape.ts";
import type { LungSides } from "../lungs/sides.ts";
import type { NodulesFile } from "../nodules/case-nodules.ts";
import { encodePng } from "../pictures/encode-png.ts";
import { type HuHistogram, huHistogram } from "../pictures/hu-histogram.ts";
import { drawPreview } from "../pictures/preview.ts";
import type { Prepared } from "../pipeline/prepare.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import { canonical } from "../volume/canonical.ts";
import type { Volume } from "../volume/volume.ts";
import { nodulePicture } from "./nodule-pictures.ts";
import { readSmallFile } from "./small-file.ts";

const PREVIEW: Shape = {
  fields: {
    pictures: {
      list: { fields: { kind: "string", title: "string", width: "number", height: "number", png: "string" } },
    },
    histogram: { fields: { low: "number", step: "number", counts: { list: "number" }, mean: "number" } },
  },
};
/** Usual ones have some 0.4 MB. */
const MOST_BYTES = 64 * 2 ** 20;

/** `<case>_preview.json`: what a report shows of a case beside its manifest. */
export interface CasePreview {
  /** Slices and surfaces, in the order in which they are shown. */
  readonly pictures: readonly {
    /** A slice of the scan with the lungs over it, their surface, or a nodule in clean. */
    readonly kind: "slice" | "surface" | "nodule";
    /** What is shown, in a few words. */
    readonly title: string;
    /** Pixels. */
    readonly width: number;
    /** Pixels. */
    readonly height: number;
    /** PNG file, base64. */
    readonly png: string;
  }[];
  /** Values of the scan inside of the lungs. */
  readonly histogram: HuHistogram;
}

/** Pictures of so many nodules are kept: candidates come by the thousand. */
const MOST_NODULES = 30;

/** Draws a case for the report. */
export function makeCasePreview(
  scan: Volume,
  sides: LungSides,
  { clean }: Pick<Prepared, "clean">,
  nodules?: NodulesFile,
): CasePreview {
  const lying = asPatientLies(scan, sides);
  const nodulesShown = (nodules?.nodules ?? [])
    .map((record, i) => ({ record, number: i + 1 }))
    .filter(({ record }) => record.class !== 0 && record.shares !== null)
    .slice(0, MOST_NODULES)
    .map(({ record, number }) => ({ kind: "nodule" as const, ...nodulePicture(clean, record, number) }));
  return {
    pictures: [...drawPreview(lying.scan, lying.sides), ...nodulesShown].map(({ kind, title, picture }) => ({
      kind,
      title,
      width: picture.width,
      height: picture.height,
      png: Buffer.from(encodePng(picture)).toString("base64"),
    })),
    histogram: huHistogram(scan, [sides.right, sides.left]),
  };
}

/** What is drawn, turned as a patient is looked at: a scan that was turned as published may lie otherwise. */
function asPatientLies(scan: Volume, sides: LungSides): { scan: Volume; sides: LungSides } {
  const { affine } = scan;
  const isUsual = affine[2] > 0 && affine[5] > 0 && affine[8] > 0;
  const isMain = [0, 1, 4, 6, 9, 10].every((i) => Math.abs(affine[i]!) < affine[8]);
  if (isUsual && isMain) return { scan, sides };
  const turned = (voxels: Int16Array) => canonical({ ...scan, voxels });
  const mask = (one: BitVolume): BitVolume => {
    const { voxels, shape } = turned(Int16Array.from(one.toBytes()));
    return BitVolume.fromBytes(shape, voxels);
  };
  return { scan: turned(scan.voxels.slice()), sides: { right: mask(sides.right), left: mask(sides.left) } };
}

/** Reads what was kept of a case; `undefined` when there is nothing or it is not whole. */
export async function readCasePreview(out: string, name: string): Promise<CasePreview | undefined> {
  try {
    const preview: unknown = JSON.parse(readSmallFile(join(out, outputNames(name).preview), { most: MOST_BYTES }));
    return hasShape(preview, PREVIEW) ? (preview as CasePreview) : undefined;
  } catch {
    return undefined;
  }
}
