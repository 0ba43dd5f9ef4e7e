import { BitVolume } from "../../src/volume/bit-volume.ts";
import { type Triple, voxelCount } from "../../src/volume/volume.ts";
import type { Plain } from "./plain.ts";
import { seeded } from "./random.ts";

/** A mask that every operation has to cope with, plain and packed. */
export interface MaskCase {
  readonly name: string;
  readonly plain: Plain;
  readonly mask: BitVolume;
}

/** Row widths below, at and beyond whole words, one slice, one row, one column. */
const SHAPES: readonly Triple[] = [
  [1, 1, 1],
  [3, 4, 1],
  [1, 7, 9],
  [4, 1, 40],
  [3, 5, 31],
  [4, 3, 32],
  [2, 6, 33],
  [3, 4, 64],
  [3, 5, 70],
  [5, 9, 11],
];

type Pattern = (z: number, y: number, x: number, shape: Triple) => boolean;

const atFace: Pattern = (z, y, x, [nz, ny, nx]) =>
  z === 0 || y === 0 || x === 0 || z === nz - 1 || y === ny - 1 || x === nx - 1;

const PATTERNS: Readonly<Record<string, Pattern>> = {
  empty: () => false,
  "all true": () => true,
  "one voxel": (z, y, x, [nz, ny, nx]) => z === nz >> 1 && y === ny >> 1 && x === nx >> 1,
  "last voxel": (z, y, x, [nz, ny, nx]) => z === nz - 1 && y === ny - 1 && x === nx - 1,
  checkerboard: (z, y, x) => (z + y + x) % 2 === 0,
  "shell on the faces": atFace,
  "all but the faces": (...at) => !atFace(...at),
  stripes: (_z, y) => y % 2 === 0,
  "shell within": (z, y, x, [nz, ny, nx]) =>
    atFace(z, y - 1, x - 1, [nz, ny - 2, nx - 2]) && !atFace(1, y, x, [3, ny, nx]),
};

/** Shares of true voxels of the random masks; components merge between 0.1 and 0.5, holes appear above. */
const DENSITIES = [0.04, 0.15, 0.3, 0.5, 0.7, 0.9];

/** Every pattern in every shape, and random masks of several densities: the same in every run. */
export const MASKS: readonly MaskCase[] = SHAPES.flatMap((shape, i) => [
  ...Object.entries(PATTERNS).map(([name, pattern]) => maskCase(name, shape, pattern)),
  ...DENSITIES.map((density, k) => randomMask(shape, density, 100 * i + k)),
]);

/** A mask in which each voxel is true by chance. */
export function randomMask(shape: Triple, density: number, seed: number): MaskCase {
  const random = seeded(seed);
  return maskCase(`random ${density}`, shape, () => random() < density);
}

/** Some solid balls, in places cut off by the faces: bodies as they are met in practice. */
export function randomBodies(shape: Triple, bodies: number, radius: number, seed: number): MaskCase {
  const random = seeded(seed);
  const balls = Array.from({ length: bodies }, () => ({
    centre: shape.map((n) => random() * n),
    radius: radius * (0.4 + random()),
  }));
  const inside: Pattern = (z, y, x) =>
    balls.some(({ centre: [cz, cy, cx], radius: r }) => (z - cz!) ** 2 + (y - cy!) ** 2 + (x - cx!) ** 2 < r * r);
  return maskCase(`${bodies} bodies`, shape, inside);
}

function maskCase(name: string, shape: Triple, pattern: Pattern): MaskCase {
  const [nz, ny, nx] = shape;
  const bytes = new Uint8Array(voxelCount(shape));
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++) bytes[i++] = pattern(z, y, x, shape) ? 1 : 0;
  }
  return { name: `${name}, ${shape.join(" × ")}`, plain: { shape, bytes }, mask: BitVolume.fromBytes(shape, bytes) };
}
