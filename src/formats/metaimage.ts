import { affineFromSteps, type Point } from "../volume/affine.ts";
import { bytesOf, type ElementType, type ImageFile, readElements, type Sibling, toHounsfield } from "./image.ts";
import { badImage, checkedCount, truncatedImage } from "./image-error.ts";
import { inflateTo } from "./inflate.ts";

const TYPES: Readonly<Record<string, ElementType>> = {
  MET_UCHAR: "uint8",
  MET_CHAR: "int8",
  MET_USHORT: "uint16",
  MET_SHORT: "int16",
  MET_UINT: "uint32",
  MET_INT: "int32",
  MET_FLOAT: "float32",
  MET_DOUBLE: "float64",
};
/** Headers are far shorter; voxels of an .mha follow. */
const HEADER_BYTES = 16384;

/**
 * Reads a MetaImage: `.mha`, or `.mhd` with its `.raw` or `.zraw`, as LUNA16 comes in.
 *
 * Positions and directions are taken as ITK writes them, in LPS. Directions stand in the file one
 * axis after the other, x first.
 *
 * Source: https://itk.org/Wiki/ITK/MetaIO/Documentation
 *
 * @param file - name, for messages
 * @param sibling - finds the file that a `.mhd` names
 * @param maxBytes - see `checkVolumeBytes`
 * @throws PleuraError `unsupported-pixels` when the header asks for what cannot be read, `not-found`
 * when the voxels' file is missing, `truncated`, `too-large`
 */
export async function decodeMetaImage(
  file: string,
  bytes: Uint8Array,
  sibling: Sibling,
  maxBytes?: number,
): Promise<ImageFile> {
  const { fields, end } = readFields(bytes);
  const words = (name: string): string[] | undefined => fields.get(name)?.split(/\s+/);
  const reals = (...names: string[]): number[] | undefined => {
    const found = names.map(words).find((value) => value !== undefined);
    return found?.map(Number);
  };
  const isTrue = (...names: string[]): boolean => names.some((name) => fields.get(name)?.toLowerCase() === "true");

  const typeName = fields.get("ElementType") ?? "";
  const type = TYPES[typeName];
  const channels = fields.get("ElementNumberOfChannels") ?? "1";
  if (type === undefined || channels !== "1") {
    throw badImage(
      file,
      "This element type cannot be read",
      `${typeName} × ${channels}`,
      Object.keys(TYPES).join(", "),
    );
  }
  const where = fields.get("ElementDataFile") ?? "";
  if (/^LIST|%/.test(where)) throw badImage(file, "An image spread over several files cannot be read", where);
  const data = where === "LOCAL" ? bytes.subarray(end) : await sibling(where);
  if (data === undefined) throw badImage(file, "The file that holds the voxels is missing", where);
  const compressed = isTrue("CompressedData");
  const sizes = reals("DimSize") ?? [];
  const count = checkedCount(file, sizes, type, data.length, compressed, maxBytes);
  const [nx, ny, nz] = sizes as [number, number, number];
  const needed = count * bytesOf(type);
  const skip = Number(fields.get("HeaderSize") ?? 0);
  const from = skip < 0 ? data.length - needed : skip;
  if (!compressed && (from < 0 || data.length - from < needed)) throw truncatedImage(file, data.length - from, needed);
  const raw = compressed ? inflateTo(file, data, needed) : data.subarray(from);
  const bigEndian = isTrue("BinaryDataByteOrderMSB", "ElementByteOrderMSB");
  const { voxels, held } = toHounsfield(readElements(raw, type, count, bigEndian));

  const spacing = reals("ElementSpacing", "ElementSize") ?? [1, 1, 1];
  const origin = reals("Offset", "Position", "Origin") ?? [0, 0, 0];
  const directions = reals("TransformMatrix", "Rotation", "Orientation");
  const axis = (i: number): Point => {
    const direction = directions?.slice(3 * i, 3 * i + 3) ?? [0, 1, 2].map((k) => Number(k === i));
    return direction.map((d) => d * spacing[i]!) as unknown as Point;
  };
  if (![...spacing, ...origin, ...(directions ?? [])].every(Number.isFinite) || !spacing.every((s) => s > 0)) {
    throw badImage(file, "Spacing, position or directions are no numbers", `spacing ${spacing.join(" ")}`);
  }
  return {
    volume: {
      voxels,
      shape: [nz, ny, nx],
      spacing: [spacing[2]!, spacing[1]!, spacing[0]!],
      affine: affineFromSteps(origin as unknown as Point, axis(2), axis(1), axis(0)),
    },
    oriented: directions !== undefined,
    held,
  };
}

/** The lines `name = value` up to the one that names the voxels' file. */
function readFields(bytes: Uint8Array): { fields: Map<string, string>; end: number } {
  const fields = new Map<string, string>();
  const head = String.fromCharCode(...bytes.subarray(0, Math.min(bytes.length, HEADER_BYTES)));
  let end = 0;
  while (end < head.length && !fields.has("ElementDataFile")) {
    const next = head.indexOf("\n", end);
    const line = head.slice(end, next < 0 ? head.length : next);
    const equals = line.indexOf("=");
    if (equals > 0) fields.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
    end = next < 0 ? head.length : next + 1;
  }
  return { fields, end };
}
