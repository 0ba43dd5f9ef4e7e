import type { ByteSource } from "../byte-source.ts";
import { affineFromSteps, type Point } from "../volume/affine.ts";
import { nrrdFields, TEXT_HEADER_BYTES } from "./header-fields.ts";
import {
  bytesOf,
  type ElementType,
  type GridConflict,
  type ImageFile,
  type ImageOptions,
  type Sibling,
  spacingConflict,
  voxelBytes,
} from "./image.ts";
import { badImage, missingData, truncatedImage } from "./image-error.ts";
import { compressionOf, readHead } from "./read-head.ts";
import { readVoxels, type StoredVoxels } from "./read-voxels.ts";

/** The names that the format gives its element types. */
const TYPES: ReadonlyMap<string, ElementType> = new Map<string, ElementType>([
  ...["uchar", "unsigned char", "uint8", "uint8_t"].map((name) => [name, "uint8"] as const),
  ...["signed char", "int8", "int8_t"].map((name) => [name, "int8"] as const),
  ...["ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"].map((name) => [name, "uint16"] as const),
  ...["short", "short int", "signed short", "signed short int", "int16", "int16_t"].map((n) => [n, "int16"] as const),
  ...["uint", "unsigned int", "uint32", "uint32_t"].map((name) => [name, "uint32"] as const),
  ...["int", "signed int", "int32", "int32_t"].map((name) => [name, "int32"] as const),
  ["float", "float32"],
  ["double", "float64"],
]);

/** Signs that bring a point of a space to LPS. */
const SPACES: ReadonlyMap<string, Point> = new Map<string, Point>([
  ["left-posterior-superior", [1, 1, 1]],
  ["lps", [1, 1, 1]],
  ["right-anterior-superior", [-1, -1, 1]],
  ["ras", [-1, -1, 1]],
  ["left-anterior-superior", [1, -1, 1]],
  ["las", [1, -1, 1]],
]);

/**
 * Reads an NRRD: `.nrrd`, or `.nhdr` with its data file; raw or gzip.
 *
 * Source: https://teem.sourceforge.net/nrrd/format.html
 *
 * @param source - the file
 * @param sibling - finds the file that a `.nhdr` names
 * @throws PleuraError `unsupported-pixels` when the header asks for what cannot be read, or does not fit
 * the voxels, `truncated`, `checksum-mismatch`, `too-large`
 */
export async function decodeNrrd(source: ByteSource, sibling: Sibling, options: ImageOptions = {}): Promise<ImageFile> {
  const file = source.name;
  const { fields, end } = nrrdFields(await readHead(source, TEXT_HEADER_BYTES));
  const typeName = fields.get("type")?.toLowerCase() ?? "";
  const type = TYPES.get(typeName);
  if (type === undefined) throw badImage(file, "This element type cannot be read", { quote: typeName });
  const sizes = (fields.get("sizes") ?? "").split(/\s+/).map(Number);
  const axes = fields.get("dimension");
  if (axes !== undefined && Number(axes) !== sizes.length) {
    throw badImage(file, "The dimension and the sizes contradict each other", {
      measured: `${Number(axes)}, ${sizes.length} sizes`,
    });
  }
  const endian = fields.get("endian")?.toLowerCase();
  if (bytesOf(type) > 1 && endian !== "big" && endian !== "little") {
    throw badImage(file, "The order of the bytes is not stated", {
      ...(endian === undefined ? { measured: "no endian" } : { quote: endian }),
      limit: "little or big",
    });
  }
  const place = await locateVoxels(source, end, fields, sibling, voxelBytes(sizes, type));
  const grid = readGrid(file, fields);
  const [x, y, z] = grid.steps;
  const { voxels, held } = await readVoxels({ file, ...place, sizes, type, bigEndian: endian === "big" }, options);
  const [nx, ny, nz] = sizes as [number, number, number];
  return {
    volume: {
      voxels,
      shape: [nz, ny, nx],
      spacing: [Math.hypot(...z), Math.hypot(...y), Math.hypot(...x)],
      affine: affineFromSteps(grid.origin, z, y, x),
    },
    oriented: grid.oriented,
    ...(grid.conflict && { conflict: grid.conflict }),
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
  const encoding = fields.get("encoding")?.toLowerCase() ?? "raw";
  const isPacked = encoding === "gzip" || encoding === "gz";
  if (!isPacked && encoding !== "raw")
    throw badImage(file, "This encoding cannot be read", { quote: encoding, limit: "raw or gzip" });
  const where = fields.get("data file") ?? fields.get("datafile");
  const data = where === undefined ? source : await sibling(where);
  if (data === undefined) throw missingData(file, where ?? "");
  const start = where === undefined ? end : 0;
  const skip = Number(fields.get("byte skip") ?? fields.get("byteskip") ?? 0);
  const lines = Number(fields.get("line skip") ?? fields.get("lineskip") ?? 0);
  if (lines !== 0 || (isPacked && skip !== 0)) {
    throw badImage(file, "Data that begin behind something else cannot be read", {
      measured: `${lines} lines, ${skip} bytes`,
      limit: "0",
    });
  }
  if (isPacked) return { data, at: start, format: await compressionOf(data, start) };
  if (!Number.isInteger(skip) || skip < -1)
    throw badImage(file, "This byte skip makes no sense", { measured: `${skip}` });
  // -1 says that the voxels lie at the file's end.
  const at = skip < 0 ? data.size - needed : start + skip;
  if (at < start) throw truncatedImage(file, data.size - start, needed);
  return { data, at };
}

interface Grid {
  readonly steps: readonly [x: Point, y: Point, z: Point];
  readonly origin: Point;
  readonly oriented: boolean;
  readonly conflict?: GridConflict;
}

/** Words for the unit that is read. */
const MILLIMETRES = new Set(["mm", "millimeter", "millimeters", "millimetre", "millimetres", ""]);

function readGrid(file: string, fields: ReadonlyMap<string, string>): Grid {
  const space = fields.get("space")?.toLowerCase();
  const directions = vectors(fields.get("space directions"));
  checkUnits(file, fields);
  if (space === undefined || directions.length === 0) {
    const stated = fields.get("spacings");
    if (stated === undefined) {
      throw badImage(file, "The header does not say how far apart the voxels lie", {
        measured: "no spacings, and no space with space directions",
        limit: "three numbers in millimetres",
      });
    }
    const spacings = stated.split(/\s+/).map(Number);
    if (spacings.length !== 3 || !spacings.every((s) => s > 0)) {
      throw badImage(file, "The spacings are no three numbers", { quote: fields.get("spacings") ?? "" });
    }
    const [x, y, z] = spacings as [number, number, number];
    return {
      steps: [
        [x, 0, 0],
        [0, y, 0],
        [0, 0, z],
      ],
      origin: [0, 0, 0],
      oriented: false,
    };
  }
  const signs = SPACES.get(space);
  if (signs === undefined)
    throw badImage(file, "This space cannot be read", { quote: space, limit: [...SPACES.keys()].join(", ") });
  const toLps = ([a, b, c]: Point): Point => [a * signs[0], b * signs[1], c * signs[2]];
  const origin = vectors(fields.get("space origin"))[0] ?? [0, 0, 0];
  if (directions.length !== 3 || ![...directions, origin].flat().every(Number.isFinite)) {
    throw badImage(file, "The space directions are no three vectors", { quote: fields.get("space directions") ?? "" });
  }
  const [x, y, z] = directions as [Point, Point, Point];
  const stated = fields.get("spacings")?.split(/\s+/).map(Number) ?? [];
  const lengths = [x, y, z].map((step) => Math.hypot(...step));
  const conflict = spacingConflict(lengths, stated, { taken: "space directions", other: "spacings" });
  return {
    ...(conflict && { conflict }),
    steps: [toLps(x), toLps(y), toLps(z)],
    origin: toLps(origin),
    oriented: true,
  };
}

/** Refuses a unit other than millimetres; without one, millimetres are usual. */
function checkUnits(file: string, fields: ReadonlyMap<string, string>): void {
  for (const text of [fields.get("space units"), fields.get("units")]) {
    const units = [...(text ?? "").matchAll(/"([^"]*)"/g)].map(([, unit]) => unit!.trim().toLowerCase());
    const other = units.find((unit) => !MILLIMETRES.has(unit));
    if (other !== undefined) throw badImage(file, "This unit of length cannot be read", { quote: other, limit: "mm" });
  }
}

/** `(1,0,0) (0,1,0)` → the vectors. */
function vectors(text: string | undefined): Point[] {
  return [...(text ?? "").matchAll(/\(([^)]*)\)/g)].map(
    ([, inner]) => inner!.split(",").map(Number) as unknown as Point,
  );
}
