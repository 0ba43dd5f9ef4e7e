import type { Volume } from "../volume/volume.ts";
import type { Finding } from "./findings.ts";

/** Air of a lung or around the patient lies between these, HU. */
const AIR: readonly [number, number] = [-1100, -700];
/** A chest CT has far more air than this share of its voxels. */
const LEAST_AIR = 0.005;
/** Soft tissue lies between these, HU. */
const TISSUE: readonly [number, number] = [-200, 300];
/** With more than this share of tissue along the borders, the body is cut off by the field of view. */
const MOST_TISSUE = 0.1;
/** Every so many slices, and every so many voxels of them, are looked at. */
const EVERY_SLICE = 4;
const EVERY_VOXEL = 127;
/** Fewer voxels than this say nothing. */
const SAMPLE = 100;

/** Looks at a sample of the voxels for signs that they are not Hounsfield units or not the whole body. */
export function checkContent({ voxels, shape: [nz, ny, nx] }: Volume<Int16Array>): Finding[] {
  const size = ny * nx;
  let seen = 0;
  let air = 0;
  let border = 0;
  let tissue = 0;
  for (let z = 0; z < nz; z += EVERY_SLICE) {
    const slice = voxels.subarray(z * size, (z + 1) * size);
    seen += Math.ceil(size / EVERY_VOXEL);
    air += countWithin(AIR, slice, 0, EVERY_VOXEL);
    tissue += countWithin(TISSUE, slice.subarray(0, nx), 0, 1) + countWithin(TISSUE, slice, size - nx, 1);
    tissue += countWithin(TISSUE, slice, 0, nx) + countWithin(TISSUE, slice, nx - 1, nx);
    border += 2 * (nx + ny);
  }
  if (seen < SAMPLE) return [];
  const findings: Finding[] = [];
  if (air < LEAST_AIR * seen) {
    findings.push({
      code: "not-hounsfield",
      severity: "warning",
      message: "There is hardly any air: these may not be Hounsfield units",
      measured: `${percent(air / seen)} of the voxels from ${AIR[0]} to ${AIR[1]}`,
      limit: `at least ${percent(LEAST_AIR)}`,
      hint: "Compare Rescale Slope and Intercept with the scanner's own images",
    });
  } else if (tissue > MOST_TISSUE * border) {
    findings.push({
      code: "cropped-field-of-view",
      severity: "warning",
      message: "The body reaches beyond the field of view",
      measured: `${percent(tissue / border)} of the border is soft tissue`,
      limit: `at most ${percent(MOST_TISSUE)}`,
    });
  }
  return findings;
}

/** How many of every so many values, from one on, lie between two values. */
function countWithin([low, high]: readonly [number, number], values: Int16Array, from: number, step: number): number {
  let count = 0;
  for (let i = from; i < values.length; i += step) if (values[i]! >= low && values[i]! <= high) count++;
  return count;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
