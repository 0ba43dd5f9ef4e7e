import { PLANE_AXES, type Plane } from "../volume/cut.ts";
import type { Triple, Volume } from "../volume/volume.ts";
import { type Colour, montage, type Picture } from "./picture.ts";
import { drawSlice } from "./slice-picture.ts";

/** A nodule in clean. */
export interface NoduleInClean {
  /** Centre `[z, y, x]`, voxels. */
  readonly centre: Triple;
  /** Voxels. */
  readonly diameter: number;
}

/** Colour of the box around a nodule where it lies. */
export const NODULE_COLOUR: Colour = [250, 204, 21];
/** Colour of the box around a nodule where the published label has it. */
export const LABEL_COLOUR: Colour = [244, 114, 182];

/** Voxels of clean that are shown to each side of the centre, besides the nodule's radius. */
const ROOM = 18;
/** Pixels of a picture for one voxel. */
const SCALE = 4;
const PLANES: readonly Plane[] = ["axial", "coronal", "sagittal"];
const AXES: readonly (0 | 1 | 2)[] = [0, 1, 2];

/**
 * Draws a nodule as a network sees it: three slices of clean that cross at its centre, side by side
 * (axial, coronal, sagittal), each with the nodule's box. What lies beyond clean is black.
 *
 * @param clean - lying as `prepare` gives it
 * @param nodule - where it lies
 * @param label - where the label has it; drawn when it is given
 */
export function drawNodule(clean: Volume<Uint8Array>, nodule: NoduleInClean, label?: NoduleInClean): Picture {
  const reach = Math.ceil(nodule.diameter / 2) + ROOM;
  const middle = nodule.centre.map(Math.round) as unknown as Triple;
  const start = middle.map((at) => at - reach) as unknown as Triple;
  const part = cutCube(clean, start, 2 * reach + 1);
  const pictures = PLANES.map((plane) => {
    const picture = drawSlice(part, { plane, index: reach, window: [0, 255], millimetres: 1 / SCALE });
    for (const [one, colour] of [
      [label, LABEL_COLOUR],
      [nodule, NODULE_COLOUR],
    ] as const) {
      if (one !== undefined) drawBox(picture, plane, one, start, colour);
    }
    return picture;
  });
  return montage([pictures], { gap: SCALE });
}

/** A cube of voxels of 1 mm, black where it reaches beyond the volume. */
function cutCube({ voxels, shape }: Volume<Uint8Array>, start: Triple, side: number): Volume<Uint8Array> {
  const out = new Uint8Array(side ** 3);
  const [z0, y0, x0] = start;
  for (let z = Math.max(0, -z0); z < Math.min(side, shape[0] - z0); z++) {
    for (let y = Math.max(0, -y0); y < Math.min(side, shape[1] - y0); y++) {
      for (let x = Math.max(0, -x0); x < Math.min(side, shape[2] - x0); x++) {
        out[(z * side + y) * side + x] = voxels[((z0 + z) * shape[1] + y0 + y) * shape[2] + x0 + x]!;
      }
    }
  }
  const affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] as const;
  return { voxels: out, shape: [side, side, side], spacing: [1, 1, 1], affine };
}

/** The outline of a nodule's box, as far as it lies within the picture. */
function drawBox(
  { width, height, rgb }: Picture,
  plane: Plane,
  { centre, diameter }: NoduleInClean,
  start: Triple,
  colour: Colour,
): void {
  const { across, down } = PLANE_AXES[plane];
  const ends = AXES.map((axis) => {
    const at = (voxel: number) => Math.round((voxel - start[axis] + 0.5) * SCALE - 0.5);
    return [at(centre[axis] - diameter / 2), at(centre[axis] + diameter / 2)] as const;
  });
  const [left, right] = ends[across]!;
  // Pictures with z downwards begin at the head.
  const [top, bottom] = down === 0 ? [height - 1 - ends[0]![1], height - 1 - ends[0]![0]] : ends[down]!;
  const set = (x: number, y: number) => {
    if (x >= 0 && x < width && y >= 0 && y < height) rgb.set(colour, (y * width + x) * 3);
  };
  for (let x = left; x <= right; x++) for (const y of [top, bottom]) set(x, y);
  for (let y = top; y <= bottom; y++) for (const x of [left, right]) set(x, y);
}
