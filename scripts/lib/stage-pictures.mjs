/**
 * The pipeline's steps as pictures: what the demo's report and the README show.
 */
import { cropPicture, drawSlice, fullestSlices, maskProfile, montage } from "pleura";

export const RIGHT_COLOUR = [45, 212, 191];
export const LEFT_COLOUR = [251, 171, 90];
const MASK_COLOUR = [125, 160, 220];
export const BACKGROUND = [13, 17, 23];

/** Darker than a radiologist's lung window, so that the colours stand out, HU. */
const WINDOW = [-1150, 650];
/** Side of a pixel, and what is shown around the lungs, both in mm. */
const PIXEL = 1.1;
const MARGIN = 26;

/**
 * Draws the steps in the order in which they run.
 *
 * @param volume the scan, Hounsfield units
 * @param masks binary, body, filled, right, left, dilatedRight, dilatedLeft: BitVolumes of its shape
 * @param clean the volume that is saved
 * @returns for every step its title, what happens there, and an axial and a coronal picture
 */
export function drawSteps(volume, masks, clean) {
  const { right, left } = masks;
  const profile = maskProfile([right, left]);
  const [z, y] = fullestSlices(profile);
  const tint = (mask) => [{ mask, colour: MASK_COLOUR, fill: 0.45 }];
  const lungs = [
    { mask: right, colour: RIGHT_COLOUR, fill: 0.28 },
    { mask: left, colour: LEFT_COLOUR, fill: 0.28 },
  ];
  const around = [
    { mask: masks.dilatedRight, colour: RIGHT_COLOUR, fill: 0.22 },
    { mask: masks.dilatedLeft, colour: LEFT_COLOUR, fill: 0.22 },
  ];
  const steps = [
    ["The scan", "Hounsfield units.", []],
    ["Dark voxels", "Below -600 HU after a Gaussian, slice by slice; specks and slivers are gone.", tint(masks.binary)],
    ["The lungs' body", "The connected body of a lung's volume near the axis, its vessels filled.", tint(masks.filled)],
    ["Right and left", "Eroded until it falls apart; each voxel goes to the nearer core.", lungs],
    ["Surroundings", "Each lung's convex hull, dilated: what lies at the pleura stays in.", around],
  ];
  const frames = {
    axial: frame(volume, profile, 2, 1),
    coronal: frame(volume, profile, 2, 0),
  };
  const pictures = steps.map(([title, caption, overlays]) => {
    const draw = (plane, index) =>
      cropPicture(drawSlice(volume, { plane, index, overlays, window: WINDOW, millimetres: PIXEL }), frames[plane]);
    return { title, caption, axial: draw("axial", z), coronal: draw("coronal", y) };
  });
  const [cleanZ, cleanY] = [z, y].map((index, axis) => sameSlice(volume, clean, index, axis));
  const drawClean = (plane, index) => drawSlice(clean, { plane, index, window: [0, 255], millimetres: PIXEL });
  pictures.push({
    title: "What is saved",
    caption: "Windowed, masked, bones replaced, 1 mm voxels, cropped: the network's input.",
    axial: drawClean("axial", cleanZ),
    coronal: drawClean("coronal", cleanY),
  });
  return pictures;
}

/** All steps in one picture: axial above, coronal below. */
export function stepsInOne(steps) {
  return montage([steps.map((step) => step.axial), steps.map((step) => step.coronal)], {
    gap: 10,
    background: BACKGROUND,
  });
}

/** The rectangle around the masks of a profile, with a margin, in pixels of a picture whose axes are given. */
function frame({ shape, spacing }, profile, across, down) {
  const extent = (axis) => {
    const first = profile[axis].findIndex((count) => count > 0);
    const last = profile[axis].findLastIndex((count) => count > 0);
    const pixels = Math.round((shape[axis] * spacing[axis]) / PIXEL);
    const scale = pixels / shape[axis];
    const margin = MARGIN / PIXEL;
    const low = Math.max(0, Math.floor(first * scale - margin));
    const high = Math.min(pixels, Math.ceil((last + 1) * scale + margin));
    // Pictures with z downwards begin at the head.
    return axis === 0 ? [pixels - high, pixels - low] : [low, high];
  };
  const [left, right] = extent(across);
  const [top, bottom] = extent(down);
  return { left, top, width: right - left, height: bottom - top };
}

/** The slice of clean at the place of a slice of the scan; both grids are parallel. */
function sameSlice(volume, clean, index, axis) {
  const row = 2 - axis;
  const place = (v, i) => v.affine[row * 4 + axis] * i + v.affine[row * 4 + 3];
  const step = clean.affine[row * 4 + axis];
  const found = Math.round((place(volume, index) - clean.affine[row * 4 + 3]) / step);
  return Math.min(clean.shape[axis] - 1, Math.max(0, found));
}
