import { PleuraError } from "../errors.ts";
import type { BitVolume } from "../volume/bit-volume.ts";
import type { Mesh } from "../volume/mesh.ts";
import type { Volume } from "../volume/volume.ts";
import { densityOfMask } from "./density.ts";
import { type Surface, surfaceFrom } from "./surface.ts";
import { makeWellComposed } from "./well-composed.ts";

/** The volume of a mesh may differ from the mask's by this share. */
const TOLERANCE = 0.01;
/** What is aimed at, so that rounding does not matter. */
const AIM = 0.002;
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
  let shift = 0;
  let found = 0;
  // Secant steps; the first one assumes that a shift of 0.1 moves the surface by a tenth of a cell's volume or so.
  let last: { readonly shift: number; readonly found: number } | undefined;
  for (let step = 0; step < MOST_STEPS; step++) {
    const values = plain.map((value) => (value > 0 ? value + shift : 0));
    makeWellComposed(values, density.shape);
    const surface = surfaceFrom({ ...density, values });
    found = meshVolume(surface);
    if (
      Math.abs(found - wanted) <= AIM * wanted ||
      (step === MOST_STEPS - 1 && Math.abs(found - wanted) <= TOLERANCE * wanted)
    )
      return surface;
    const slope = last === undefined || last.shift === shift ? wanted : (found - last.found) / (shift - last.shift);
    last = { shift, found };
    const next = shift + (wanted - found) / (slope > 0 ? slope : wanted);
    shift = Math.max(-LARGEST_SHIFT, Math.min(next, LARGEST_SHIFT));
  }
  throw new PleuraError("write-failed", "A mesh of this mask would not have its volume", {
    stage: "write",
    measured: `${(found / 1000).toFixed(2)} mL`,
    limit: `${(wanted / 1000).toFixed(2)} mL ± ${100 * TOLERANCE} %`,
    hint: "The mask is too thin for its voxels: leave --mesh out for this case",
  });
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
