import { surfaceOf } from "../surface/surface.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Plane } from "../volume/cut.ts";
import type { Volume } from "../volume/volume.ts";
import { maskFrame } from "./mask-frame.ts";
import { type MaskProfile, maskProfile } from "./mask-profile.ts";
import { reduceColours } from "./palette.ts";
import { type Colour, cropPicture, type Picture } from "./picture.ts";
import { renderSurfaces } from "./render-surfaces.ts";
import { drawSlice } from "./slice-picture.ts";
import type { ViewName } from "./view.ts";

/** Colour of the patient's right lung. */
export const RIGHT_LUNG_COLOUR: Colour = [45, 212, 191];
/** Colour of the patient's left lung. */
export const LEFT_LUNG_COLOUR: Colour = [251, 171, 90];

/** One picture of a preview. */
export interface PreviewPicture {
  /** A slice of the scan with the lungs over it, or their surface. */
  readonly kind: "slice" | "surface";
  /** What is shown, in a few words: "Axial, middle". */
  readonly title: string;
  readonly picture: Picture;
}

/** Side of a slice's pixel, mm; width and height of a surface's picture, pixels. */
const MILLIMETRES = 1.1;
const SIZE = 360;
/** Darker than a radiologist's lung window, so that the colours stand out, HU. */
const WINDOW = [-1150, 650] as const;
/** As few greys as the eye takes for all: noise in finer ones costs bytes and shows nothing. */
const COLOURS = 48;

const VIEWS: readonly (readonly [view: ViewName, title: string])[] = [
  ["front", "From the front"],
  ["left", "From the left"],
  ["back", "From behind"],
];

/**
 * Draws what tells at a glance whether the lungs were found: six slices in three planes with the
 * lungs outlined, and their surface from three sides. Slices stand where a share of the lungs'
 * voxels lies before them, so they show the same part of every patient.
 *
 * @param volume - Hounsfield units, lying as `readScan` gives it
 * @param sides - masks of the volume's shape
 * @returns pictures of at most 256 colours, in the order in which they are to be shown
 * @throws PleuraError `invalid-option` when a mask has another shape
 */
export function drawPreview(
  volume: Volume,
  sides: { readonly right: BitVolume; readonly left: BitVolume },
): PreviewPicture[] {
  const { right, left } = sides;
  const both = maskProfile([right, left]);
  const overlays = [
    { mask: right, colour: RIGHT_LUNG_COLOUR, fill: 0.18 },
    { mask: left, colour: LEFT_LUNG_COLOUR, fill: 0.18 },
  ];
  const slice = (title: string, plane: Plane, index: number): PreviewPicture => {
    const whole = drawSlice(volume, { plane, index, overlays, window: WINDOW, millimetres: MILLIMETRES });
    const picture = cropPicture(whole, maskFrame(volume, both, plane, { millimetres: MILLIMETRES }));
    return { kind: "slice", title, picture: reduceColours(picture, COLOURS) };
  };
  const surfaces = overlays.map(({ mask, colour }) => ({ surface: surfaceOf(mask, volume), colour }));
  return [
    slice("Axial, upper", "axial", sliceAt(both, 0, 0.8)),
    slice("Axial, middle", "axial", sliceAt(both, 0, 0.5)),
    slice("Axial, lower", "axial", sliceAt(both, 0, 0.2)),
    slice("Coronal", "coronal", sliceAt(both, 1, 0.5)),
    slice("Sagittal, right lung", "sagittal", sliceAt(maskProfile([right]), 2, 0.5)),
    slice("Sagittal, left lung", "sagittal", sliceAt(maskProfile([left]), 2, 0.5)),
    ...VIEWS.map(
      ([view, title]): PreviewPicture => ({
        kind: "surface",
        title,
        picture: reduceColours(renderSurfaces(surfaces, { view, size: SIZE })),
      }),
    ),
  ];
}

/** The slice before which a share of the voxels lies; the middle one when there is no voxel. */
function sliceAt(profile: MaskProfile, axis: 0 | 1 | 2, share: number): number {
  const counts = profile[axis];
  const wanted = counts.reduce((sum, n) => sum + n, 0) * share;
  if (wanted === 0) return counts.length >> 1;
  let sum = 0;
  return counts.findIndex((n) => {
    sum += n;
    return sum >= wanted;
  });
}
