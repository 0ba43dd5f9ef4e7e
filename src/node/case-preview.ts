import { join } from "node:path";
import { outputNames } from "../case/outputs.ts";
import { hasShape, type Shape } from "../case/shape.ts";
import type { LungSides } from "../lungs/sides.ts";
import { type HuHistogram, huHistogram } from "../report/hu-histogram.ts";
import { encodePng } from "../report/picture.ts";
import { drawPreview } from "../report/preview.ts";
import type { Volume } from "../volume/volume.ts";
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
    /** A slice of the scan with the lungs over it, or their surface. */
    readonly kind: "slice" | "surface";
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

/** Draws a case for the report. */
export function makeCasePreview(scan: Volume, sides: LungSides): CasePreview {
  return {
    pictures: drawPreview(scan, sides).map(({ kind, title, picture }) => ({
      kind,
      title,
      width: picture.width,
      height: picture.height,
      png: Buffer.from(encodePng(picture)).toString("base64"),
    })),
    histogram: huHistogram(scan, [sides.right, sides.left]),
  };
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
