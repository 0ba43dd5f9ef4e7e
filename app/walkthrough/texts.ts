import type { PixelClass, Step } from "pleura/worker";

/** What is told about a step. */
export interface StepText {
  readonly title: string;
  readonly what: string;
  readonly why: string;
  /** Classes of pixels in its picture, in words. */
  readonly legend: Readonly<Partial<Record<PixelClass, string>>>;
}

/** The walkthrough in words. */
export const TEXTS: Readonly<Record<Step, StepText>> = {
  hounsfield: {
    title: "Hounsfield units",
    what: "Stored pixel values become Hounsfield units by each slice's own slope and intercept, and the slices are put in order from the feet up.",
    why: "On this scale air is \u22121000 and water 0 on every scanner, so one threshold serves all scans.",
    legend: {},
  },
  disc: {
    title: "Background disc",
    what: "A constant patch in the corner says that the slice was padded around its circular field of view. Then nothing within the smoothing's reach of the padding can become lung.",
    why: "Padding has arbitrary values, often far below air. Smoothed across the rim they would look like lung.",
    legend: { "outside-disc": "left out" },
  },
  threshold: {
    title: "Threshold",
    what: "Each slice is smoothed with a small Gaussian; what then lies below the threshold is a candidate.",
    why: "Lung tissue is mostly air and lies far below soft tissue. Smoothing keeps single noisy pixels from deciding.",
    legend: { kept: "below the threshold" },
  },
  regions: {
    title: "Regions",
    what: "Candidates that touch, also at corners, are one region of the slice. Each has a colour here.",
    why: "The next rules judge whole regions, not pixels.",
    legend: {},
  },
  shape: {
    title: "Area and eccentricity",
    what: "A region stays when it is large enough and not drawn out to a line.",
    why: "Bowel gas and airways are small; the gaps between table, blanket and skin are long and thin.",
    legend: { kept: "kept", "small-area": "too small", elongated: "too elongated" },
  },
  bodies: {
    title: "Bodies",
    what: "Regions of neighbouring slices that share faces grow into bodies. Each has a colour here.",
    why: "Lungs can only be told from other air by their whole shape in space.",
    legend: { cut: "cut from the top" },
  },
  select: {
    title: "Border, volume, distance",
    what: "Bodies go that hold a corner or the middle of an edge in the first or the last slice, that are too small or too large for lungs, or that stay far from the axis of the scan.",
    why: "Air around the patient reaches the border; stomach and bowel are too small; what lies beside the patient is too far out.",
    legend: { kept: "kept", border: "border", volume: "volume", distance: "distance", cut: "cut from the top" },
  },
  cuts: {
    title: "Cuts from the top",
    what: "When no body passes, slices are taken from the top, a few more each try, until one does. What the bodies have in those slices is put back afterwards.",
    why: "The windpipe leaves the scan at the top and can join the lungs to the air outside, which makes them one body with it.",
    legend: { kept: "kept", cut: "stays cut", added: "put back" },
  },
  holes: {
    title: "Holes",
    what: "Background that is shut in by the bodies on all sides becomes part of them.",
    why: "Vessels and nodules are as dense as soft tissue. Without this step they would be missing from the lungs.",
    legend: { kept: "bodies", added: "filled" },
  },
  cores: {
    title: "Eroded cores",
    what: "The mask is eroded, one layer at a time, until its two largest parts are of comparable size: the cores of the two lungs.",
    why: "The lungs often touch at thin bridges. Erosion breaks these first.",
    legend: { kept: "eroded away", "first-core": "first core", "second-core": "second core" },
  },
  split: {
    title: "Nearest core",
    what: "Every voxel of the mask goes to the core that is nearer in millimetres.",
    why: "This gives back what erosion took, to the lung it belongs to.",
    legend: { first: "first lung", second: "second lung" },
  },
  "main-part": {
    title: "Main part",
    what: "In each slice the largest components and what lies in their convex hulls stay; then only the largest body of each half.",
    why: "Pieces of airway and scraps of the other lung end up in a half and are dropped here.",
    legend: { first: "first lung", second: "second lung", "off-main": "dropped" },
  },
  "slice-holes": {
    title: "Holes of slices",
    what: "What a lung encloses within a slice becomes part of it.",
    why: "A vessel may reach out of the lung in another slice and so is no hole in space, but it is one here.",
    legend: { first: "first lung", second: "second lung", added: "filled" },
  },
  hull: {
    title: "Hull and dilation",
    what: "Each lung becomes its convex hull, slice by slice, unless that is far larger; then it is dilated.",
    why: "A nodule on the pleura is outside the mask. The hull bridges the dents, the dilation adds a margin.",
    legend: { first: "first lung", second: "second lung", hull: "hull", dilated: "dilation" },
  },
  window: {
    title: "Window",
    what: "Hounsfield units become grey values of 0 to 255.",
    why: "The network takes bytes. The window spans what matters in the chest and drops the rest.",
    legend: {},
  },
  bones: {
    title: "Mask and bones",
    what: "What lies outside the dilated lungs gets the padding's grey value, and so do bright voxels beside the lungs.",
    why: "Ribs next to the pleura look like dense nodules. The padding is as bright as water, so no false edge is made.",
    legend: { masked: "masked", bone: "bone" },
  },
  resample: {
    title: "Resampled",
    what: "The grey values are interpolated to a grid of equal millimetres.",
    why: "Scans differ in slice distance and pixel size. A nodule must have the same size in all of them.",
    legend: {},
  },
  crop: {
    title: "Crop box",
    what: "The box around the lungs, with a margin, is what is saved as clean.npy.",
    why: "The rest is padding. Without it there is less to read and to compute.",
    legend: { cut: "left out" },
  },
};
