import { existsSync } from "node:fs";
import { outputNames } from "../case/outputs.ts";
import { PleuraError } from "../errors.ts";
import { isImageFile } from "../formats/decode-image.ts";
import { lungSides } from "../lungs/sides.ts";
import type { Colour } from "../pictures/picture.ts";
import { LEFT_LUNG_COLOUR, RIGHT_LUNG_COLOUR } from "../pictures/preview.ts";
import type { ColouredSurface } from "../pictures/render-surfaces.ts";
import { segmentLungs } from "../pipeline/segment-lungs.ts";
import { surfaceOf, surfaceOfVolume } from "../surface/surface.ts";
import { BitVolume } from "../volume/bit-volume.ts";
import type { Volume } from "../volume/volume.ts";
import { readImage } from "./read-image.ts";
import { readSeries } from "./read-series.ts";

/** What {@link readSurfaces} shall look for. */
export interface ReadSurfacesOptions {
  /** HU: the surface of all that is at least as bright. Default: the lungs, or a mask's labels. */
  readonly threshold?: number;
}

const BONE_COLOUR: Colour = [226, 214, 190];
/** Colours of a mask's labels in the order of their values: right and left lung, and then others. */
const LABEL_COLOURS: readonly Colour[] = [
  RIGHT_LUNG_COLOUR,
  LEFT_LUNG_COLOUR,
  [147, 178, 240],
  [238, 136, 152],
  [202, 163, 240],
  [213, 208, 107],
];
/** More different values than this are no label map. */
const MOST_LABELS = 64;

/**
 * Makes the surfaces to draw of a scan or a mask.
 *
 * An image file without a negative voxel is a mask: each of its labels is a surface. Anything else
 * is a scan: its two lungs, or what lies above the threshold.
 *
 * @param input - a scan as `readSeries` takes it, a mask as an image file, or the outputs of a
 * case: `<out>/<case>` stands for `<out>/<case>_lungs.nii.gz`
 * @throws PleuraError `not-found`, `empty-mask` when there is nothing to draw, `no-lungs`, and all
 * that `readSeries` throws
 *
 * @example
 * const picture = renderSurfaces(await readSurfaces("scan/", { threshold: 400 }), { view: "left" });
 */
export async function readSurfaces(input: string, { threshold }: ReadSurfacesOptions = {}): Promise<ColouredSurface[]> {
  const path = existsSync(input) ? input : outputNames(input).lungs;
  if (!existsSync(path))
    throw new PleuraError("not-found", "There is no such file or folder", { stage: "read", file: input });
  const surfaces = threshold === undefined ? await lungsOrLabels(path) : await aboveThreshold(path, threshold);
  if (surfaces.every(({ surface }) => surface.triangles.length === 0)) {
    throw new PleuraError("empty-mask", threshold === undefined ? "The mask is empty" : "Nothing is that bright", {
      stage: "preview",
      file: path,
      ...(threshold !== undefined && { limit: `${threshold} HU`, measured: "0 voxels" }),
    });
  }
  return surfaces;
}

async function lungsOrLabels(path: string): Promise<ColouredSurface[]> {
  if (isImageFile(path)) {
    const { volume } = await readImage(path);
    if (volume.voxels.every((value) => value >= 0)) return labelSurfaces(volume, path);
  }
  const scan = await readSeries(path);
  const { right, left } = lungSides(scan, segmentLungs(scan));
  return [
    { surface: surfaceOf(right, scan), colour: RIGHT_LUNG_COLOUR },
    { surface: surfaceOf(left, scan), colour: LEFT_LUNG_COLOUR },
  ];
}

async function aboveThreshold(path: string, threshold: number): Promise<ColouredSurface[]> {
  const volume = isImageFile(path) ? (await readImage(path)).volume : await readSeries(path);
  return [{ surface: surfaceOfVolume(volume, threshold), colour: BONE_COLOUR }];
}

function labelSurfaces(volume: Volume, path: string): ColouredSurface[] {
  const masks = new Map<number, BitVolume>();
  const { shape, voxels } = volume;
  let at = 0;
  for (let z = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let x = 0; x < shape[2]; x++) {
        const value = voxels[at++]!;
        if (value === 0) continue;
        let mask = masks.get(value);
        if (mask === undefined) {
          if (masks.size === MOST_LABELS) throw noLabels(path);
          mask = new BitVolume(shape);
          masks.set(value, mask);
        }
        mask.set(z, y, x);
      }
    }
  }
  const sorted = [...masks].sort(([a], [b]) => a - b);
  return sorted.map(([value, mask], i) => ({
    surface: surfaceOf(mask, volume),
    // Labels of small numbers keep their colours when others are missing.
    colour: LABEL_COLOURS[(value <= LABEL_COLOURS.length ? value - 1 : i) % LABEL_COLOURS.length]!,
  }));
}

function noLabels(path: string): PleuraError {
  return new PleuraError("invalid-option", "The image holds too many different values for a mask", {
    stage: "options",
    file: path,
    limit: `${MOST_LABELS} labels`,
    hint: "Give a threshold to draw a surface of grey values",
  });
}
