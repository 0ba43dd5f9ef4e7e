import type { Scan } from "../dicom/read-scan.ts";
import type { Label } from "../formats/label-nifti.ts";
import { type Making, wholeOrigin } from "./common.ts";
import { encodeRtStruct } from "./rtstruct-file.ts";
import { encodeSeg } from "./seg-file.ts";
import { segmentsOf } from "./segments.ts";
import { toSourceGrid } from "./source-grid.ts";

/** Which objects are wanted. */
export interface WantedObjects {
  readonly seg?: boolean;
  readonly rtstruct?: boolean;
}

/** A label map as DICOM objects on the scan's own images. */
export interface EncodedObjects {
  /** The SEG, in parts that follow each other. */
  readonly seg?: readonly Uint8Array[];
  /** The RTSTRUCT, in parts that follow each other. */
  readonly rtstruct?: readonly Uint8Array[];
  /** Whether each voxel of the label map is a pixel of an image; false for tilted and filled scans. */
  readonly exact: boolean;
  /** Volume of all regions in the label map, and on the images' pixels, mL. */
  readonly millilitres: { readonly labels: number; readonly objects: number };
}

/**
 * Writes a label map as a DICOM SEG, an RTSTRUCT, or both.
 *
 * @param labels - regions of the label map, of the scan's shape
 * @param scan - read with `keepOrigin`
 * @throws PleuraError `no-dicom`, `missing-tag` or `empty-mask`
 */
export function encodeObjects(
  labels: readonly Label[],
  scan: Pick<Scan, "shape" | "affine" | "stored" | "origin">,
  making: Making,
  { seg = false, rtstruct = false }: WantedObjects,
): EncodedObjects {
  const origin = wholeOrigin(scan.origin);
  const segments = segmentsOf(labels);
  const { masks, exact } = toSourceGrid(
    segments.map(({ mask }) => mask),
    { ...scan, origin },
  );
  const placed = segments.map((segment, i) => ({ ...segment, mask: masks[i]! }));
  const voxels = (of: readonly Label[]) => of.reduce((sum, { mask }) => sum + mask.count(), 0);
  return {
    ...(rtstruct && { rtstruct: encodeRtStruct(placed, origin, making) }),
    ...(seg && { seg: encodeSeg(placed, origin, making) }),
    exact,
    millilitres: {
      labels: (voxels(segments) * voxelVolume(scan.affine)) / 1000,
      objects: (voxels(placed) * voxelVolume(scan.stored.affine)) / 1000,
    },
  };
}

/** Volume of a voxel, mm³. */
function voxelVolume([a, b, c, , d, e, f, , g, h, i]: Scan["affine"]): number {
  return Math.abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g));
}
