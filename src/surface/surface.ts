import { invalidOption } from "../errors.ts";
import { type Affine, invertAffine } from "../volume/affine.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Mesh } from "../volume/mesh.ts";
import { checkVolume, type Volume, type VoxelArray } from "../volume/volume.ts";
import { type Density, densityOfMask, densityOfVolume } from "./density.ts";
import { surfaceNets } from "./surface-nets.ts";

/** A closed surface with the direction in which each of its corners faces. */
export interface Surface extends Mesh {
  /** Three numbers a corner: the outward unit normal, LPS. */
  readonly normals: Float32Array;
}

/** How fine a surface is. */
export interface SurfaceOptions {
  /**
   * Side that cells of the sampling grid shall have, mm. Voxels smaller than that are joined,
   * larger ones are kept. Details below about two cells are smoothed away. Default 1.5.
   */
  readonly detail?: number;
}

const DETAIL = 1.5;
/** Around a threshold, HU: values farther off say no more about where the surface runs. */
const CONTRAST = 300;

/**
 * The smoothed surface of a mask.
 *
 * @param grid - where the mask lies: spacing `[z, y, x]` in mm, affine to LPS
 * @returns a closed surface; one without triangles for an empty mask
 * @throws PleuraError `invalid-option` when the detail is no positive number
 */
export function surfaceOf(
  mask: BitVolume,
  grid: Pick<Volume, "spacing" | "affine">,
  { detail = DETAIL }: SurfaceOptions = {},
): Surface {
  return surfaceFrom(densityOfMask(mask, grid.spacing, grid.affine, checked(detail)));
}

/**
 * The smoothed surface around all that is at least as bright as a threshold. What reaches the
 * border of the volume is closed there.
 *
 * @param volume - Hounsfield units
 * @param threshold - HU; bones are above 400
 * @throws PleuraError `invalid-option` when the threshold is not finite, the detail no positive
 * number or the volume's parts do not belong together
 *
 * @example
 * const bones = surfaceOfVolume(scan, 400);
 */
export function surfaceOfVolume(
  volume: Volume<VoxelArray>,
  threshold: number,
  { detail = DETAIL }: SurfaceOptions = {},
): Surface {
  checkVolume(volume);
  if (!Number.isFinite(threshold)) throw invalidOption("threshold", "a finite number (HU)", threshold);
  return surfaceFrom(densityOfVolume(volume, threshold, CONTRAST, checked(detail)));
}

function checked(detail: number): number {
  if (!(detail > 0 && Number.isFinite(detail))) throw invalidOption("detail", "a positive number (mm)", detail);
  return detail;
}

/** The surface of a density: where its values cross one half. */
export function surfaceFrom(density: Density | undefined): Surface {
  if (density === undefined)
    return { positions: new Float32Array(), normals: new Float32Array(), triangles: new Uint32Array() };
  const { vertices, gradients, triangles } = surfaceNets(density.values, density.shape);
  if (isMirrored(density.affine)) reverse(triangles);
  return { positions: toPatient(vertices, density.affine), normals: toNormals(gradients, density.affine), triangles };
}

/** Whether the axes `[z, y, x]` form a left-handed system in the patient. */
function isMirrored([a, b, c, , d, e, f, , g, h, i]: Affine): boolean {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g) < 0;
}

function reverse(triangles: Uint32Array): void {
  for (let t = 0; t < triangles.length; t += 3) {
    const second = triangles[t + 1]!;
    triangles[t + 1] = triangles[t + 2]!;
    triangles[t + 2] = second;
  }
}

function toPatient(vertices: Float32Array, m: Affine): Float32Array {
  const out = new Float32Array(vertices.length);
  for (let i = 0; i < out.length; i += 3) {
    const z = vertices[i]!;
    const y = vertices[i + 1]!;
    const x = vertices[i + 2]!;
    for (let r = 0; r < 3; r++) out[i + r] = m[r * 4]! * z + m[r * 4 + 1]! * y + m[r * 4 + 2]! * x + m[r * 4 + 3]!;
  }
  return out;
}

/** Gradients are covectors: they go over with the transposed inverse. Normals point down the gradient. */
function toNormals(gradients: Float32Array, affine: Affine): Float32Array {
  const inverse = invertAffine(affine);
  const out = new Float32Array(gradients.length);
  for (let i = 0; i < out.length; i += 3) {
    const z = gradients[i]!;
    const y = gradients[i + 1]!;
    const x = gradients[i + 2]!;
    const l = inverse[0] * z + inverse[4] * y + inverse[8] * x;
    const p = inverse[1] * z + inverse[5] * y + inverse[9] * x;
    const s = inverse[2] * z + inverse[6] * y + inverse[10] * x;
    const length = Math.sqrt(l * l + p * p + s * s) || 1;
    out[i] = -l / length;
    out[i + 1] = -p / length;
    out[i + 2] = -s / length;
  }
  return out;
}
