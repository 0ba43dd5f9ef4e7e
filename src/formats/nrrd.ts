import { affineFromSteps, type Point } from "../volume/affine.ts";
import { bytesOf, type ElementType, type ImageFile, readElements, type Sibling, toHounsfield } from "./image.ts";
import { badImage, checkedCount, truncatedImage } from "./image-error.ts";
import { inflateTo } from "./inflate.ts";

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
const HEADER_BYTES = 16384;

/**
 * Reads an NRRD: `.nrrd`, or `.nhdr` with its data file; raw or gzip.
 *
 * Source: https://teem.sourceforge.net/nrrd/format.html
 *
 * @param file - name, for messages
 * @param sibling - finds the file that a `.nhdr` names
 * @param maxBytes - see `checkVolumeBytes`
 * @throws PleuraError `unsupported-pixels` when the header asks for what cannot be read, `truncated`, `too-large`
 */
export async function decodeNrrd(
  file: string,
  bytes: Uint8Array,
  sibling: Sibling,
  maxBytes?: number,
): Promise<ImageFile> {
  const { fields, end } = readFields(bytes);
  const typeName = fields.get("type")?.toLowerCase() ?? "";
  const type = TYPES.get(typeName);
  if (type === undefined) throw badImage(file, "This element type cannot be read", typeName || "none");
  const encoding = fields.get("encoding")?.toLowerCase() ?? "raw";
  const compressed = encoding === "gzip" || encoding === "gz";
  if (!compressed && encoding !== "raw") throw badImage(file, "This encoding cannot be read", encoding, "raw or gzip");
  const where = fields.get("data file") ?? fields.get("datafile");
  const data = where === undefined ? bytes.subarray(end) : await sibling(where);
  if (data === undefined) throw badImage(file, "The file that holds the voxels is missing", where);

  const sizes = (fields.get("sizes") ?? "").split(/\s+/).map(Number);
  const count = checkedCount(file, sizes, type, data.length, compressed, maxBytes);
  const [nx, ny, nz] = sizes as [number, number, number];
  const needed = count * bytesOf(type);
  const skip = Number(fields.get("byte skip") ?? fields.get("byteskip") ?? 0);
  const from = skip < 0 ? data.length - needed : skip;
  if (!compressed && (from < 0 || data.length - from < needed)) throw truncatedImage(file, data.length - from, needed);
  const raw = compressed ? inflateTo(file, data, needed) : data.subarray(from);
  const { voxels, held } = toHounsfield(readElements(raw, type, count, fields.get("endian") === "big"));

  const grid = readGrid(file, fields);
  const [x, y, z] = grid.steps;
  return {
    volume: {
      voxels,
      shape: [nz, ny, nx],
      spacing: [Math.hypot(...z), Math.hypot(...y), Math.hypot(...x)],
      affine: affineFromSteps(grid.origin, z, y, x),
    },
    oriented: grid.oriented,
    held,
  };
}

interface Grid {
  readonly steps: readonly [x: Point, y: Point, z: Point];
  readonly origin: Point;
  readonly oriented: boolean;
}

function readGrid(file: string, fields: ReadonlyMap<string, string>): Grid {
  const space = fields.get("space")?.toLowerCase();
  const directions = vectors(fields.get("space directions"));
  if (space === undefined || directions.length === 0) {
    const spacings = (fields.get("spacings") ?? "1 1 1").split(/\s+/).map(Number);
    if (spacings.length !== 3 || !spacings.every((s) => s > 0)) {
      throw badImage(file, "The spacings are no three numbers", spacings.join(" "));
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
  if (signs === undefined) throw badImage(file, "This space cannot be read", space, [...SPACES.keys()].join(", "));
  const toLps = ([a, b, c]: Point): Point => [a * signs[0], b * signs[1], c * signs[2]];
  const origin = vectors(fields.get("space origin"))[0] ?? [0, 0, 0];
  if (directions.length !== 3 || ![...directions, origin].flat().every(Number.isFinite)) {
    throw badImage(file, "The space directions are no three vectors", fields.get("space directions"));
  }
  const [x, y, z] = directions as [Point, Point, Point];
  return { steps: [toLps(x), toLps(y), toLps(z)], origin: toLps(origin), oriented: true };
}

/** `(1,0,0) (0,1,0)` → the vectors. */
function vectors(text: string | undefined): Point[] {
  return [...(text ?? "").matchAll(/\(([^)]*)\)/g)].map(
    ([, inner]) => inner!.split(",").map(Number) as unknown as Point,
  );
}

/** The lines `name: value` up to the empty one; keys in lower case. */
function readFields(bytes: Uint8Array): { fields: Map<string, string>; end: number } {
  const fields = new Map<string, string>();
  const head = String.fromCharCode(...bytes.subarray(0, Math.min(bytes.length, HEADER_BYTES)));
  let end = 0;
  while (end < head.length) {
    const next = head.indexOf("\n", end);
    const line = head.slice(end, next < 0 ? head.length : next).trim();
    end = next < 0 ? head.length : next + 1;
    if (line === "") break;
    const colon = line.indexOf(":");
    if (colon > 0 && !line.startsWith("#"))
      fields.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { fields, end };
}
