import type { Affine } from "../volume/affine.ts";
import { indexToPatient } from "../volume/affine.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Mesh } from "../volume/mesh.ts";
import type { Triple } from "../volume/volume.ts";
import { coarseField } from "./coarse-field.ts";
import { smooth } from "./smooth.ts";
import { surfaceNets } from "./surface-nets.ts";

/** Options of {@link surfaceOf}. */
export interface SurfaceOptions {
  /** Detail, mm: voxels are taken together up to this size. Default 1.5. */
  readonly detail?: number;
  /** Rounds of smoothing, at least 0. Default 12. */
  readonly rounds?: number;
}

/**
 * The surface of a mask, closed, in patient coordinates.
 *
 * @param mask - any mask; an empty one has an empty surface
 * @param grid - spacing (mm) and affine (LPS, mm) of the mask's grid, whose axes make a right-handed system as `x, y, z`
 * @returns LPS, millimetres
 */
export function surfaceOf(
  mask: BitVolume,
  grid: { readonly spacing: Triple; readonly affine: Affine },
  options: SurfaceOptions = {},
): Mesh {
  const { detail = 1.5, rounds = 12 } = options;
  const block = grid.spacing.map((s) => Math.min(16, Math.max(1, Math.round(detail / s)))) as unknown as Triple;
  const { corners, faces } = surfaceNets(coarseField(mask, block));
  smooth(corners, faces, rounds);
  const positions = new Float32Array(corners.length);
  for (let i = 0; i < corners.length; i += 3) {
    // Block 0 is the margin; a block's place is the middle of its voxels.
    const at = (axis: 0 | 1 | 2): number => (corners[i + axis]! - 1) * block[axis] + (block[axis] - 1) / 2;
    positions.set(indexToPatient(grid.affine, [at(0), at(1), at(2)]), i);
  }
  return { positions, triangles: halve(faces) };
}

/** Divides each face of four corners into two triangles. */
function halve(faces: Uint32Array): Uint32Array {
  const triangles = new Uint32Array((faces.length / 4) * 6);
  for (let f = 0, t = 0; f < faces.length; f += 4) {
    for (const k of [0, 1, 2, 0, 2, 3]) triangles[t++] = faces[f + k]!;
  }
  return triangles;
}
