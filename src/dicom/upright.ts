import { affineFromSteps, indexToPatient, type Point } from "../volume/affine.ts";
import type { Volume } from "../volume/volume.ts";
import { dot, length, minus, scale } from "./plane-geometry.ts";

/** What lies where no row of any slice reached: air, as the scanner gives it, HU. */
const AIR = -1024;

/**
 * Resamples a stack that was scanned with a tilted gantry onto a grid whose slices stand at a
 * right angle to their way, by linear interpolation between rows and slices.
 *
 * The new grid has the shape, the pixel spacing and the centre of the old one; its slices lie as
 * far apart as the scanner's table moved. Beyond the first and the last slice these repeat; beyond
 * the first and the last row there is air.
 *
 * @param volume - slices in order, its affine sheared by the tilt; left as it is
 */
export function upright(volume: Volume<Int16Array>): Volume<Int16Array> {
  const { voxels, shape, affine } = volume;
  const [nz, ny, nx] = shape;
  const column = (axis: number): Point => [affine[axis]!, affine[4 + axis]!, affine[8 + axis]!];
  const slice = column(0);
  const row = column(1);
  const way = scale(slice, 1 / length(slice));
  const rise = dot(row, way);
  const across = minus(row, scale(way, rise));
  const pitch = length(row);
  // A row of the new grid lies `pitch` across the way; the old rows lie closer by the tilt's cosine.
  const rowsPerRow = pitch / length(across);
  const slicesPerRow = rise / length(slice);
  const middle = (ny - 1) / 2;

  const out = new Int16Array(voxels.length);
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const to = out.subarray((z * ny + y) * nx, (z * ny + y + 1) * nx);
      const oldY = middle + (y - middle) * rowsPerRow;
      const oldZ = Math.min(Math.max(z - (oldY - middle) * slicesPerRow, 0), nz - 1);
      if (oldY < 0 || oldY > ny - 1) to.fill(AIR);
      else blendRows(voxels, shape, oldZ, oldY, to);
    }
  }
  const corner = middle - middle * rowsPerRow;
  const origin = indexToPatient(affine, [(middle - corner) * slicesPerRow, corner, 0]);
  return {
    voxels: out,
    shape,
    spacing: [Math.fround(length(slice)), volume.spacing[1], volume.spacing[2]],
    affine: affineFromSteps(origin, slice, scale(across, rowsPerRow), column(2)),
  };
}

/** One row of voxels between four. */
function blendRows(voxels: Int16Array, [nz, ny, nx]: Volume["shape"], z: number, y: number, to: Int16Array): void {
  const z0 = Math.floor(z);
  const y0 = Math.floor(y);
  const dz = z - z0;
  const dy = y - y0;
  const slice = ny * nx;
  const a = z0 * slice + y0 * nx;
  const b = y0 + 1 < ny ? a + nx : a;
  const up = z0 + 1 < nz ? slice : 0;
  for (let x = 0; x < nx; x++) {
    const low = voxels[a + x]! * (1 - dy) + voxels[b + x]! * dy;
    const high = voxels[a + up + x]! * (1 - dy) + voxels[b + up + x]! * dy;
    to[x] = Math.round(low * (1 - dz) + high * dz);
  }
}
