import type { Point } from "../volume/affine.ts";
import { imageAxes, imageOrigin } from "./axes.ts";
import type { NiftiGeometry } from "./nifti.ts";

/**
 * The header of an NRRD file of int16 voxels, which follow it gzip-compressed, little endian, x fastest.
 *
 * Source: https://teem.sourceforge.net/nrrd/format.html
 *
 * @param geometry - shape and affine (LPS, mm)
 */
export function nrrdHeader(geometry: NiftiGeometry): Uint8Array {
  const axes = imageAxes(geometry);
  const vector = (point: Point): string => `(${point.map((part) => part + 0).join(",")})`;
  const lines = [
    "NRRD0005",
    "type: int16",
    "dimension: 3",
    "space: left-posterior-superior",
    `sizes: ${axes.map(({ size }) => size).join(" ")}`,
    `space directions: ${axes.map(({ step }) => vector(step)).join(" ")}`,
    "kinds: domain domain domain",
    'space units: "mm" "mm" "mm"',
    `space origin: ${vector(imageOrigin(geometry.affine))}`,
    "endian: little",
    "encoding: gzip",
    "",
    "",
  ];
  return new TextEncoder().encode(lines.join("\n"));
}
