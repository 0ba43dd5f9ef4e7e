import type { Triple } from "pleura";
import { PLANE_AXES, type Plane } from "pleura/worker";

/** The planes as they are called. */
export const PLANE_NAMES: Readonly<Record<Plane, string>> = {
  axial: "Axial",
  coronal: "Coronal",
  sagittal: "Sagittal",
};

/** What the edges of a plane's picture are: left, right, top, bottom. */
export const EDGES: Readonly<Record<Plane, readonly [string, string, string, string]>> = {
  axial: ["R", "L", "A", "P"],
  coronal: ["R", "L", "H", "F"],
  sagittal: ["A", "P", "H", "F"],
};

/** A place in a picture, in its pixels; whole numbers are the middles of pixels. */
export interface Spot {
  readonly column: number;
  readonly row: number;
}

/** Leads from a place in a slice's picture to an index of the scan `[z, y, x]`. */
export function spotToIndex(plane: Plane, { column, row }: Spot, cursor: Triple, shape: Triple): Triple {
  const { across, down } = PLANE_AXES[plane];
  const index: [number, number, number] = [...cursor];
  index[across] = column;
  index[down] = down === 0 ? shape[0] - 1 - row : row;
  return index;
}

/** Leads from an index of the scan to its place in a slice's picture. */
export function indexToSpot(plane: Plane, index: Triple, shape: Triple): Spot {
  const { across, down } = PLANE_AXES[plane];
  return { column: index[across], row: down === 0 ? shape[0] - 1 - index[0] : index[down] };
}

/** The nearest voxel that exists. */
export function clampIndex(index: Triple, shape: Triple): Triple {
  const clamp = (axis: 0 | 1 | 2): number => Math.min(shape[axis] - 1, Math.max(0, Math.round(index[axis])));
  return [clamp(0), clamp(1), clamp(2)];
}
