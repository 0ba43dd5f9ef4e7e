import { counted } from "../counted.ts";
import { PleuraError } from "../errors.ts";
import type { Affine } from "../volume/affine.ts";
import { canonical, flip } from "../volume/canonical.ts";
import { spacingIn } from "../volume/spacing-precision.ts";
import type { StoredGrid } from "../volume/stored-grid.ts";
import type { Volume } from "../volume/volume.ts";
import { checkContent } from "./check-content.ts";
import type { Finding } from "./findings.ts";
import { angleBetween, length } from "./plane-geometry.ts";
import type { ImageReadOptions, Scan } from "./read-scan.ts";

/** Axes further from a right angle than this make no grid of boxes, degrees. */
const SKEW = 0.5;

/** A step along an axis and the spacing may differ by this share: direction cosines are rounded. */
const ROUNDING = 0.01;

/** A volume that came whole from one file, and what its reader knows of it. */
export interface WholeImage {
  readonly volume: Volume<Int16Array>;
  readonly oriented: boolean;
  readonly conflict?: { readonly taken: string; readonly other: string };
  readonly held: number;
}

/**
 * Makes a scan of a volume that came whole from an image file: turned, and looked at as a DICOM
 * series is.
 *
 * @param source - what was read
 * @throws PleuraError `single-slice`, or `inconsistent-series` when the axes stand askew or contradict the spacing
 */
export function scanOfImage(
  image: WholeImage,
  source: Scan["source"],
  file: string,
  { precision = "single", directions = "patient" }: ImageReadOptions = {},
): Scan {
  const { shape, affine } = image.volume;
  const reversed = directions === "published" ? !isIdentity(affine, image.volume.spacing) : undefined;
  const stored: StoredGrid = { shape, affine, even: true, ...(reversed !== undefined && { reversed }) };
  const turned =
    reversed === undefined ? canonical(image.volume) : reversed ? turnPublished(image.volume) : image.volume;
  const volume = { ...turned, spacing: spacingIn(precision, turned.spacing) };
  if (volume.shape[0] < 2) {
    throw new PleuraError("single-slice", "One slice is not a volume", {
      stage: "read",
      file,
      measured: counted(volume.shape[0], "slice"),
      limit: "at least 2 slices",
    });
  }
  checkRightAngles(volume, file);
  checkLengths(volume, file);
  const findings: Finding[] = [];
  if (!image.oriented) {
    findings.push({
      code: "missing-orientation",
      severity: "warning",
      message: "The file does not say how the image lies in the patient: an upright patient was assumed",
    });
  }
  if (image.conflict !== undefined) {
    findings.push({
      code: "geometry-conflict",
      severity: "warning",
      message: "The header says twice where the voxels lie, and the two disagree: one of them was taken",
      measured: image.conflict.taken,
      limit: image.conflict.other,
      hint: "Compare the header with the image's source",
    });
  }
  if (image.held > 0) {
    findings.push({
      code: "saturated",
      severity: "warning",
      message: "Some values do not fit into 16 bits and were held at the border",
      measured: counted(image.held, "voxel"),
      limit: "-32768 to 32767 HU",
    });
  }
  if (reversed !== undefined && !isIdentity(volume.affine, volume.spacing)) {
    findings.push({
      code: "unusual-directions",
      severity: "warning",
      message:
        "The image lies in another way than LUNA16's do: turned as published, it is mirrored or lies on its side",
      measured: `directions of x, y and z: ${directionsOf(affine, image.volume.spacing).join(" ")}`,
      limit: "1 0 0 0 1 0 0 0 1 or -1 0 0 0 -1 0 0 0 1",
      hint: "The profile grt123 turns it by its directions",
    });
  }
  return { ...volume, seriesUid: "", findings: [...findings, ...checkContent(volume)], source, stored };
}

/** Reverses rows and columns, in place. */
function turnPublished(volume: Volume<Int16Array>): Volume<Int16Array> {
  return flip(flip(volume, 1), 2);
}

/** The axes' directions, x first as MetaImage has them, rounded to whole numbers. */
function directionsOf(affine: Affine, spacing: Volume["spacing"]): number[] {
  return [2, 1, 0].flatMap((axis) => [0, 4, 8].map((row) => Math.round(affine[row + axis]! / spacing[axis]!) + 0));
}

function isIdentity(affine: Affine, spacing: Volume["spacing"]): boolean {
  return directionsOf(affine, spacing).every((cosine, i) => cosine === (i % 4 === 0 ? 1 : 0));
}

function checkRightAngles({ affine }: Volume<Int16Array>, file: string): void {
  const axes = [0, 1, 2].map((i) => [affine[i]!, affine[4 + i]!, affine[8 + i]!] as const);
  for (const [a, b] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    const angle = angleBetween(axes[a]!, axes[b]!);
    if (length(axes[a]!) > 0 && Math.abs(90 - angle) <= SKEW) continue;
    throw new PleuraError("inconsistent-series", "The image's axes do not stand at right angles", {
      stage: "read",
      file,
      measured: `${angle.toFixed(2)}°`,
      limit: `90° ± ${SKEW}°`,
    });
  }
}

/** A MetaImage states spacing and directions apart; directions that are no unit vectors contradict the spacing. */
function checkLengths({ affine, spacing }: Volume<Int16Array>, file: string): void {
  for (const [axis, stated] of spacing.entries()) {
    const step = length([affine[axis]!, affine[4 + axis]!, affine[8 + axis]!]);
    if (Math.abs(step - stated) <= ROUNDING * stated) continue;
    throw new PleuraError("inconsistent-series", "The image's directions contradict its spacing", {
      stage: "read",
      file,
      measured: `a step of ${step.toFixed(3)} mm`,
      limit: `${stated.toFixed(3)} mm ± ${100 * ROUNDING} %`,
    });
  }
}
