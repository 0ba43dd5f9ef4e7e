import type { ByteSource } from "../byte-source.ts";
import { affineFromSteps, type Point } from "../volume/affine.ts";
import { metaImageFields, TEXT_HEADER_BYTES } from "./header-fields.ts";
import { type ElementType, type ImageFile, type ImageOptions, type Sibling, voxelBytes } from "./image.ts";
import { badImage, missingData, surplusImage, truncatedImage } from "./image-error.ts";
import { compressionOf, readHead } from "./read-head.ts";
import { readVoxels, type StoredVoxels } from "./read-voxels.ts";

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
/**
 * Reads a MetaImage: `.mha`, or `.mhd` with its `.raw` or `.zraw`, as LUNA16 comes in.
 *
 * Positions and directions are taken as ITK writes them, in LPS. Directions stand in the file one
 * axis after the other, x first.
 *
 * Source: https://itk.org/Wiki/ITK/MetaIO/Documentation
 *
 * @param source - the file
 * @param sibling - finds the file that a `.mhd` names
 * @throws PleuraError `unsupported-pixels` when the header asks for what cannot be read, or does not fit
 * the voxels, `truncated`, `checksum-mismatch`, `too-large`
 */
export async function decodeMetaImage(
  source: ByteSource,
  sibling: Sibling,
  options: ImageOptions = {},
): Promise<ImageFile> {
  const file = source.name;
  const { fields, end } = metaImageFields(await readHead(source, TEXT_HEADER_BYTES));
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
    throw badImage(file, "This element type cannot be read", {
      quote: `${typeName} × ${channels}`,
      limit: `one of ${Object.keys(TYPES).join(", ")} a voxel`,
    });
  }
  if (fields.get("BinaryData")?.toLowerCase() === "false") {
    throw badImage(file, "Voxels that are written as text cannot be read", {
      measured: "BinaryData = False",
      limit: "True",
    });
  }
  const sizes = reals("DimSize") ?? [];
  const axes = fields.get("NDims");
  if (axes !== undefined && Number(axes) !== sizes.length) {
    throw badImage(file, "NDims and DimSize contradict each other", {
      measured: `NDims ${Number(axes)}, ${sizes.length} sizes`,
    });
  }
  const spacing = reals("ElementSpacing", "ElementSize");
  if (spacing === undefined) {
    throw badImage(file, "The header does not say how far apart the voxels lie", {
      measured: "no ElementSpacing",
      limit: "three numbers in millimetres",
    });
  }
  const stated = reals("Offset", "Position", "Origin");
  const origin = stated ?? [0, 0, 0];
  const directions = reals("TransformMatrix", "Rotation", "Orientation");
  const axis = (i: number): Point => {
    const direction = directions?.slice(3 * i, 3 * i + 3) ?? [0, 1, 2].map((k) => Number(k === i));
    return direction.map((d) => d * spacing[i]!) as unknown as Point;
  };
  const isGrid = spacing.length === 3 && origin.length === 3 && (directions === undefined || directions.length === 9);
  const areNumbers = [...spacing, ...origin, ...(directions ?? [])].every(Number.isFinite);
  if (!isGrid || !areNumbers || !spacing.every((s) => s > 0)) {
    const first = (numbers: readonly number[] = []) => numbers.slice(0, 9).join(" ") || "none";
    throw badImage(file, "Spacing, position or directions are no numbers of three axes", {
      measured: `spacing ${first(spacing)}; position ${first(origin)}; directions ${first(directions)}`,
    });
  }
  const [nx, ny, nz] = sizes as [number, number, number];
  const place = await locateVoxels(source, end, fields, sibling, voxelBytes(sizes, type));
  const bigEndian = isTrue("BinaryDataByteOrderMSB", "ElementByteOrderMSB");
  const { voxels, held } = await readVoxels({ file, ...place, sizes, type, bigEndian }, options);
  return {
    volume: {
      voxels,
      shape: [nz, ny, nx],
      spacing: [spacing[2]!, spacing[1]!, spacing[0]!],
      affine: affineFromSteps(origin as unknown as Point, axis(2), axis(1), axis(0)),
    },
    oriented: directions !== undefined && stated !== undefined,
    held,
  };
}

/**
 * Finds where the voxels, or the stream that holds them, begin.
 *
 * @param end - of the header
 * @param needed - bytes of the voxels
 */
async function locateVoxels(
  source: ByteSource,
  end: number,
  fields: ReadonlyMap<string, string>,
  sibling: Sibling,
  needed: number,
): Promise<Pick<StoredVoxels, "data" | "at" | "format">> {
  const file = source.name;
  const where = fields.get("ElementDataFile") ?? "";
  if (/^LIST|%/.test(where))
    throw badImage(file, "An image spread over several files cannot be read", { quote: where });
  const isLocal = where === "LOCAL";
  const data = isLocal ? source : await sibling(where);
  if (data === undefined) throw missingData(file, where);
  const start = isLocal ? end : 0;
  const there = data.size - start;
  const skip = Number(fields.get("HeaderSize") ?? 0);
  if (fields.get("CompressedData")?.toLowerCase() === "true") {
    if (skip > 0)
      throw badImage(file, "A header before compressed voxels cannot be read", {
        measured: `HeaderSize ${skip}`,
        limit: "0",
      });
    const stated = Number(fields.get("CompressedDataSize") ?? 0);
    if (stated > there) throw truncatedImage(file, there, stated);
    if (stated > 0 && stated < there) throw surplusImage(file, there, stated);
    return { data, at: start, format: await compressionOf(data, start) };
  }
  if (!Number.isInteger(skip) || skip < -1)
    throw badImage(file, "This HeaderSize makes no sense", { measured: `${skip}` });
  // -1 says that the voxels lie at the file's end.
  const at = skip < 0 ? data.size - needed : start + skip;
  if (at < start) throw truncatedImage(file, there, needed);
  return { data, at };
}
