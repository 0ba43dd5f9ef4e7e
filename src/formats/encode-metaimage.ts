import type { Point } from "../volume/affine.ts";
import { imageAxes, imageOrigin } from "./axes.ts";
import type { NiftiGeometry } from "./nifti.ts";

/** Letters of the sides that an axis may come from: right or left, front or back, feet or head. */
const SIDES = ["RL", "AP", "IS"] as const;

/**
 * The header of a MetaImage (`.mha`) of int16 voxels, which follow it little endian, x fastest.
 *
 * Source: https://itk.org/Wiki/ITK/MetaIO/Documentation
 *
 * @param geometry - shape and affine (LPS, mm)
 */
export function metaImageHeader(geometry: NiftiGeometry): Uint8Array {
  const axes = imageAxes(geometry);
  const fields = {
    ObjectType: "Image",
    NDims: "3",
    BinaryData: "True",
    BinaryDataByteOrderMSB: "False",
    CompressedData: "False",
    TransformMatrix: axes.flatMap(({ direction }) => direction).join(" "),
    Offset: imageOrigin(geometry.affine).join(" "),
    CenterOfRotation: "0 0 0",
    AnatomicalOrientation: axes.map(({ direction }) => comesFrom(direction)).join(""),
    ElementSpacing: axes.map(({ spacing }) => spacing).join(" "),
    DimSize: axes.map(({ size }) => size).join(" "),
    ElementType: "MET_SHORT",
    ElementDataFile: "LOCAL",
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name} = ${value}\n`);
  return new TextEncoder().encode(lines.join(""));
}

/** The side of the patient from which an axis comes. */
function comesFrom(direction: Point): string {
  const sizes = direction.map(Math.abs);
  const axis = sizes.indexOf(Math.max(...sizes));
  return SIDES[axis]![direction[axis]! > 0 ? 0 : 1]!;
}
