import { popcount } from "../volume/bit-volume.ts";
import type { Volume } from "../volume/volume.ts";
import type { QualityMasks } from "./coarse-scan.ts";

/** What lies at both sides of the masks' edges, as shares of all edges that were looked at. */
export interface MaskEdges {
  /** Lung goes on outside. */
  readonly open: number;
  /** There is tissue inside. */
  readonly dense: number;
  readonly edges: number;
}

/** Looked at so far away from the edge, mm: beyond the blur of the scan. */
const REACH_MM = 2.5;
/** Every so many millimetres a row is looked at. */
const ROWS_MM = 4;
const LUNG_BELOW = -650;
const TISSUE_ABOVE = -300;

/** Follows rows of the scan across both lungs and looks at either side of each place where they enter or leave. */
export function maskEdges(
  { voxels, shape, spacing }: Volume<Int16Array>,
  { right, left, airways }: QualityMasks,
): MaskEdges {
  const [nz, ny, nx] = shape;
  const reach = Math.max(1, Math.round(REACH_MM / spacing[2]));
  const [stepZ, stepY] = [0, 1].map((axis) => Math.max(1, Math.round(ROWS_MM / spacing[axis as 0 | 1])));
  const row = new Uint32Array(right.wordsPerRow);
  let [open, dense, edges] = [0, 0, 0];
  for (let z = 0; z < nz; z += stepZ!) {
    for (let y = 0; y < ny; y += stepY!) {
      const from = (z * ny + y) * right.wordsPerRow;
      let any = 0;
      for (let w = 0; w < row.length; w++) {
        row[w] = right.words[from + w]! | left.words[from + w]! | (airways?.words[from + w] ?? 0);
        any |= row[w]!;
      }
      if (any === 0) continue;
      const has = (x: number) => (row[x >> 5]! >>> (x & 31)) & 1;
      const at = (z * ny + y) * nx;
      const look = (inner: number, outer: number) => {
        if (outer < 0 || outer >= nx || inner < 0 || inner >= nx || has(outer) === 1) return;
        edges++;
        if (voxels[at + outer]! < LUNG_BELOW) open++;
        if (has(inner) === 1 && voxels[at + inner]! > TISSUE_ABOVE) dense++;
      };
      let before = 0;
      for (let w = 0; w < row.length; w++) {
        let changes = row[w]! ^ ((row[w]! << 1) | before);
        before = row[w]! >>> 31;
        for (; changes !== 0; changes &= changes - 1) {
          const x = (w << 5) + popcount((changes & -changes) - 1);
          if (has(x) === 1) look(x + reach - 1, x - reach);
          else look(x - reach, x + reach - 1);
        }
      }
    }
  }
  return { open: edges === 0 ? 0 : open / edges, dense: edges === 0 ? 0 : dense / edges, edges };
}
