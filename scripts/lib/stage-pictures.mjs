/**
 * The pipeline's steps as pictures: what the demo and the README show.
 */
import {
  cropPicture,
  drawSlice,
  fullestSlices,
  LEFT_LUNG_COLOUR,
  maskFrame,
  maskProfile,
  montage,
  RIGHT_LUNG_COLOUR,
} from "pleura";

const MASK_COLOUR = [125, 160, 220];
const BACKGROUND = [13, 17, 23];

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
    { mask: right, colour: RIGHT_LUNG_COLOUR, fill: 0.28 },
    { mask: left, colour: LEFT_LUNG_COLOUR, fill: 0.28 },
  ];
  const around = [
    { mask: masks.dilatedRight, colour: RIGHT_LUNG_COLOUR, fill: 0.22 },
    { mask: masks.dilatedLeft, colour: LEFT_LUNG_COLOUR, fill: 0.22 },
  ];
  const steps = [
    ["The scan", "Hounsfield units.", []],
    ["Dark voxels", "Below -600 HU after a Gaussian, slice by slice; specks and slivers are gone.", tint(masks.binary)],
    ["The lungs' body", "The connected body of a lung's volume near the axis, its vessels filled.", tint(masks.filled)],
    ["Right and left", "Eroded until it falls apart; each voxel goes to the nearer core.", lungs],
    ["Surroundings", "Each lung's convex hull, dilated: what lies at the pleura stays in.", around],
  ];
  const frames = {
    axial: maskFrame(volume, profile, "axial", { margin: MARGIN, millimetres: PIXEL }),
    coronal: maskFrame(volume, profile, "coronal", { margin: MARGIN, millimetres: PIXEL }),
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

/** The slice of clean at the place of a slice of the scan; both grids are parallel. */
function sameSlice(volume, clean, index, axis) {
  const row = 2 - axis;
  const place = (v, i) => v.affine[row * 4 + axis] * i + v.affine[row * 4 + 3];
  const step = clean.affine[row * 4 + axis];
  const found = Math.round((place(volume, index) - clean.affine[row * 4 + 3]) / step);
  return Math.min(clean.shape[axis] - 1, Math.max(0, found));
}
