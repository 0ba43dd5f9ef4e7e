import { PleuraError } from "../errors.ts";
import type { Affine } from "../volume/affine.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Mesh } from "../volume/mesh.ts";
import type { Volume } from "../volume/volume.ts";
import { densityOfMask } from "./density.ts";
import { type Surface, surfaceFrom } from "./surface.ts";
import { makeWellComposed } from "./well-composed.ts";

/** The volume of a mesh may differ from the mask's by this share. */
const TOLERANCE = 0.01;
/** Near enough that no further step is taken. */
const AIM = 0.008;
/** Slope of the density at a straight edge, a cell: that of a Gaussian with the variance of one cell squared. */
const EDGE_SLOPE = 0.4;
/** Further steps gain nothing. */
const MOST_STEPS = 6;
/** Values of the density are shifted by no more, so that its border of zeros stays outside. */
const LARGEST_SHIFT = 0.4;

/**
 * A closed mesh of a mask, to be measured and printed: each edge belongs to two triangles, and the volume is the mask's
 * within 1 %. Smoothing makes bodies shrink; the level at which the surface runs is shifted until the volume is right.
 *
 * @param grid - where the mask lies: spacing `[z, y, x]` in mm, affine to LPS
 * @param detail - side of the sampling cells, mm, see `surfaceOf`
 * @returns LPS millimetres; `undefined` for an empty mask
 * @throws PleuraError `write-failed` when the mask is so thin that no mesh of this detail has its volume
 */
export function meshOfMask(
  mask: BitVolume,
  grid: Pick<Volume, "spacing" | "affine">,
  detail: number,
): Surface | undefined {
  const density = densityOfMask(mask, grid.spacing, grid.affine, detail);
  if (density === undefined) return undefined;
  const wanted = mask.count() * grid.spacing.reduce((product, mm) => product * mm, 1);
  const plain = density.values;
  // How much a shift of one would add, mm³: at first by the slope that smoothing gives a straight edge, a value of 0.4 a cell.
  let growth: number | undefined;
  let shift = 0;
  let last = 0;
  let found = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    const values = shift === 0 ? plain.slice() : plain.map((value) => (value > 0 ? value + shift : 0));
    makeWellComposed(values, density.shape);
    const surface = surfaceFrom({ ...density, values });
    const before = found;
    found = meshVolume(surface);
    const off = wanted - found;
    if (Math.abs(off) <= (step === MOST_STEPS - 1 ? TOLERANCE : AIM) * wanted) return surface;
    if (growth === undefined) growth = (meshArea(surface) * Math.cbrt(cellVolume(density.affine))) / EDGE_SLOPE;
    else if (found > before === shift > last) growth = (found - before) / (shift - last);
    last = shift;
    shift = Math.max(-LARGEST_SHIFT, Math.min(shift + off / growth, LARGEST_SHIFT));
  }
  throw new PleuraError("write-failed", "A mesh of this mask would not have its volume", {
    stage: "write",
    measured: `${(found / 1000).toFixed(2)} mL`,
    limit: `${(wanted / 1000).toFixed(2)} mL ± ${100 * TOLERANCE} %`,
    hint: "The mask is too thin for its voxels: leave --mesh out for this case",
  });
}

/** The area of a mesh, in the squared unit of its positions. */
function meshArea({ positions: p, triangles }: Mesh): number {
  let sum = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [3 * triangles[t]!, 3 * triangles[t + 1]!, 3 * triangles[t + 2]!];
    const [ux, uy, uz] = [p[b]! - p[a]!, p[b + 1]! - p[a + 1]!, p[b + 2]! - p[a + 2]!];
    const [vx, vy, vz] = [p[c]! - p[a]!, p[c + 1]! - p[a + 1]!, p[c + 2]! - p[a + 2]!];
    sum += Math.sqrt((uy * vz - uz * vy) ** 2 + (uz * vx - ux * vz) ** 2 + (ux * vy - uy * vx) ** 2);
  }
  return sum / 2;
}

/** Volume of a cell of a grid, mm³. */
function cellVolume([a, b, c, , d, e, f, , g, h, i]: Affine): number {
  return Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g));
}

/** The volume that a closed mesh encloses, in the cubed unit of its positions. */
export function meshVolume({ positions, triangles }: Mesh): number {
  let sum = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [3 * triangles[t]!, 3 * triangles[t + 1]!, 3 * triangles[t + 2]!];
    const [ax, ay, az] = [positions[a]!, positions[a + 1]!, positions[a + 2]!];
    const [bx, by, bz] = [positions[b]!, positions[b + 1]!, positions[b + 2]!];
    const [cx, cy, cz] = [positions[c]!, positions[c + 1]!, positions[c + 2]!];
    sum += ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
  }
  return sum / 6;
}
